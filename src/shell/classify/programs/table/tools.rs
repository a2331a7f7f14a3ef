//! Rows for version control, packages, builds and tasks.

use super::super::super::classified::Effect;
use super::super::given::Given;
use super::super::names;
use super::super::row::{Program, program};

const TASKS: &str = "tasks whose names say so, such as `db:reset`, `remove:staging` and `migrate-down`";

#[rustfmt::skip] // a table
pub(super) const TOOLS: &[Program] = &[
    program("git").valued("-C -c --git-dir --work-tree --namespace").dry("--dry-run")
        .reads("$ --version, log !--output, status, diff !--output, show !--output, describe, rev-parse, ls-files, ls-remote, ls-tree, blame, shortlog, rev-list, cat-file, grep, \
                branch $ !-d !-D !-m !-M !-c !-C !-f !-u !--set-upstream-to !--unset-upstream !--edit-description !--delete !--move, branch --show-current|--contains|--merged !-d !-D, tag $ !-d !-a !-s, tag -l|--list, \
                remote $ , remote show|get-url, config --get|-l|--list, stash list|show, reflog $, reflog show, clean -n, worktree list, merge-base, for-each-ref, name-rev, count-objects")
        .destroys("push -f|--force|--force-with-lease|--force-if-includes|--delete|-d|--mirror|--prune, push * :*|+*, reset --hard, clean -f|--force !-n, branch -D, branch -d|--delete -f|--force, checkout -f|--force, checkout|restore . $, switch -f|--discard-changes, \
                   stash drop|clear, reflog expire|delete, gc --prune=now, filter-branch, filter-repo, update-ref -d, worktree remove -f|--force, submodule deinit -f|--force, lfs prune --force")
        .keyboard("rebase -i, add -p|-i, commit !-m !--message !-F !--file !-C !--no-edit !--fixup !--squash"),
    program("gh glab").reads("pr|run|release|issue|repo|workflow|secret|variable|mr|ci list|view|status|checks|watch, auth status, status")
        .destroys("* delete, * * delete, run cancel, release delete-asset, workflow disable, repo archive, variable|secret delete|remove").keyboard("auth login !--with-token").by(method, "`api -X DELETE`"),
    program("svn hg jj").reads("log|status|diff|info|list|st").destroys("delete|rm|remove, revert -R, strip, abandon, update --clean, up -C"),
    program("npm yarn pnpm bun deno").keyboard("init !-y !--yes, login, adduser, repl").by(names::package_manager, TASKS),
    program("make gmake").valued("-C -f -j -o -I -W -l").dry("-n|--just-print|--dry-run|--recon").by(names::task, TASKS),
    program("just task go-task mage invoke inv fab thor doit poe").by(names::task, TASKS),
    program("gradle gradlew mvn mvnw ant sbt lein nx turbo lerna moon grunt gulp nox tox earthly composer cap mina dep envoy pants bazel cake")
        .by(names::task, TASKS),
    program("apt apt-get aptitude").valued("-o -t -c").dry("-s|--simulate|--dry-run|--just-print").reads("list|show|policy|search|changelog").destroys("remove|purge, autoremove --purge"),
    program("dpkg").reads("-l|-L|-s|-S|--list|--status|--get-selections").destroys("-r|-P|--remove|--purge"),
    program("yum dnf microdnf tdnf zypper").reads("list|info|search|repolist|check-update").destroys("remove|erase|rm"),
    program("rpm").reads("-q|-qa|-qi|-ql|--query|-V").destroys("-e|--erase"),
    program("apk").reads("info|list|search").destroys("del"),
    program("pacman").reads("-Q|-Qi|-Ss").destroys("-R|-Rns|-Rs|--remove"),
    program("snap flatpak").reads("list|info|find").destroys("remove|uninstall|revert|stop|disable"),
    program("brew port nix nix-env guix choco winget scoop").reads("list|info|search, services list").destroys("services stop|kill"),
    program("twine cargo gem").reads("search|tree|metadata|list").destroys("yank, owner --remove"),
    program("pip pip3 pipenv poetry uv pdm hatch rye conda mamba pipx bundle bundler go rustup rustc gcc g++ cc clang cmake ninja meson javac kotlinc dotnet nuget msbuild swift flutter dart \
             nvm fnm n rbenv pyenv asdf mise sdk volta corepack npx pnpx bunx uvx tsc eslint prettier webpack vite rollup esbuild jest vitest mocha pytest phpunit rspec cypress playwright \
             ruff black mypy flake8 shellcheck shfmt tflint checkov sonar-scanner newman k6 ab wrk hey locust artillery gatling jmeter dialog whiptail fzf passwd").reads("$ --version"),
    program("ssh-add ssh-agent ssh-copy-id ssh-keyscan keychain"),
    program("mailx mail sendmail slack notify-send logger wall write at batch"),
];

/// `gh api -X DELETE repos/…`.
fn method(given: &Given<'_>) -> Effect {
    let args = given.simple.args();
    let deletes = args
        .windows(2)
        .any(|w| matches!(w, [flag, m] if matches!(flag.as_str(), "-X" | "--method") && m == "DELETE"));
    if deletes { Effect::Destructive } else { Effect::Changes }
}
