use super::super::holes::holes;

fn names(script: &str) -> Vec<String> {
    holes(script).into_iter().map(|h| h.name).collect()
}

#[test]
fn data_is_not_asked_for() {
    for none in [
        "git commit --author=\"Ada <ada@example.com>\" -m x",
        "mail -s x \"Ops Team <ops@example.com>\" < f",
        "git config user.x 'Ada Lovelace <ada@localhost>'",
        "swaks --to '<ops@example.com>'",
        "psql -c 'select 1 where a<b and c>d'",
        "sed -u 's/^/[deploy] /' f",
        "sendmail <<EOF\nFrom: Ops <ops@example.com>\n\nx\nEOF",
        "make 2>&1 | sed 's/^/[build-log] /'",
        "grep '<title>' f",
        "grep -q \"<title>\" f",
        "sed 's/<name>/x/' f",
        "sudo sed -i 's/<name>/x/' f",
        "sed -e 's|<b>|<i>|g' f",
        "awk '/<entry>/{print}' f",
        "docker images | grep '<none>'",
        "docker images | grep \"<none>\" | awk '{print $3}'",
        "cat > a.c <<'EOF'\n#include <stdio.h>\nint main() {}\nEOF",
        "cat > a.html <<EOF\n<!DOCTYPE html>\n<html>\n<br>\n</html>\nEOF",
        "echo '<h1>Down</h1>' > f",
        "echo \"<br>\" >> f",
        "curl -d '<a><b>x</b></a>' h",
        "mktemp -d /tmp/deploy.XXXXXX",
        "D=$(mktemp -d /tmp/deploy.XXXXXXXX)",
        "T=$(mktemp --suffix .sql dump-XXXXXX)",
        "echo \"Waiting ...\"",
        "echo 'Waiting for the service ... please be patient'",
        "printf 'Checking %s ... ' x",
        "log \"draining $h ...\" >&2",
        "for i in 1 2; do\n  # wait ... for it\n  sleep 1\ndone",
        "f() {\n  # put <name> here ... later\n  ls\n}",
        "coproc NAME { cat; }",
        "for NAME in a b; do echo $NAME; done",
        "read -r NAME",
        "echo \"usage: deploy <env> <version>\"",
        "[[ -f x ]] && ls [a-z]* {1..3} ${X}",
        "docker ps --format '{{.Names}}'",
        "jq '.items[] | {NAME, STATUS}' f",
        "jq '.[release]' f",
    ] {
        assert_eq!(names(none), [""; 0], "{none}");
    }
}

#[test]
fn names_in_quotes_are_asked_for() {
    for (text, found) in [
        ("curl \"https://<host>/x\"", vec!["host"]),
        ("mysql -p '<password>'", vec!["password"]),
        ("psql \"postgres://<user>:<password>@host\"", vec!["user", "password"]),
        ("git commit -m \"Release <VERSION>\"", vec!["VERSION"]),
        ("ssh \"<user@host>\"", vec!["user@host"]),
        ("echo \"DB_PASSWORD=<password>\" >> .env", vec!["password"]),
        ("cat > .env <<'EOF'\nTOKEN=<token>\nEOF", vec!["token"]),
        ("cat > .env <<EOF\nTOKEN=<api-token>\nEOF", vec!["api-token"]),
        ("sed -i 's/HOST/<your-host>/' f", vec!["your-host"]),
        ("sed -i \"s/DOMAIN/<domain>/\" f", vec!["domain"]),
        ("sed -i 's/DOMAIN/<DOMAIN>/' f", vec!["DOMAIN"]),
        ("sed -i 's/x/<new-value>/' f", vec!["new-value"]),
        ("grep \"<pod-name>\" log", vec!["pod-name"]),
        ("echo \"KEY=...\" >> f", vec!["..."]),
        ("psql -c \"SELECT ...\"", vec!["..."]),
        ("aws ec2 start subnet-XXXXXX", vec!["subnet-XXXXXX"]),
        ("kubectl set image d/x \"x=<image>:<tag>\"", vec!["image", "tag"]),
        ("# kubectl apply -f <file>", vec!["file"]),
        ("rm -rf /srv/releases/[release]", vec!["release"]),
    ] {
        assert_eq!(names(text), found, "{text}");
    }
}

#[test]
fn formats_and_templates_of_programs_are_data() {
    for none in [
        "docker ps --format {{.Names}}",
        "docker inspect -f '{{ .State.Health.Status }}' web",
        "docker inspect --format='{{range .Mounts}}{{.Source}}{{end}}' web",
        "docker run -d --log-opt tag=\"{{.Name}}/{{.ID}}\" app",
        "kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{end}}'",
        "kubectl get nodes -o jsonpath='{range .items[*]}{.metadata.name}{end}'",
        "kubectl get pods -o custom-columns=NAME:.metadata.name,ID:.metadata.uid",
        "gh api repos/{owner}/{repo}/releases",
        "curl -s -w '%{http_code}' h",
        "date \"+%b%d%Y\"; date +%Y%m%d",
        "git log --pretty=format:%h%an%ae",
        "rpm -q --qf '%{NAME}-%{VERSION}' bash",
        "psql -c \"select 1 where m like '%ERROR%'\"",
        "psql -h db <<EOF\nDELETE FROM t WHERE n LIKE '%smoke_test%';\nEOF",
        "mysql -e \"SHOW VARIABLES LIKE '%version%'\"",
        "psql -c \"select to_char(now(), 'YYYY-MM-DD')\"",
        "psql -c \"update u set roles='{admin}'::text[]\"",
        "curl -d '{\"query\":\"{viewer{login}}\"}' h",
        "python3 -c \"x='a'; print(f'{x} {{x}}', x.y.z)\"",
        "python3 <<'EOF'\nprint(f\"{version}\", __name__, __FILE__)\nEOF",
        "node -e \"const {version} = require('./package.json')\"",
        "ruby -e 'puts \"#{VERSION}\"'",
        "sh -c \"node -e \\\"const {Pool}=require('pg')\\\"\"",
        "cat > play.yml.j2 <<'EOF'\nname: {{ app_name }}\nEOF",
        "cat > .github/workflows/x.yml <<'EOF'\nx: ${{ secrets.TOKEN }}\nEOF",
        "cat > c.toml <<'EOF'\n[[bin]]\n[MY_SECTION]\nEOF",
        "cat > x.py <<'EOF'\nif __name__ == \"__main__\":\n    main()\nEOF",
        "ansible web -m debug -a 'msg={{ inventory_hostname }}'",
        "ls | xargs -I {NAME} cp {NAME} /x",
        "borg create ::'{hostname}-{now}' /x",
        "aws ec2 describe-instances --query 'Reservations[].{ID:InstanceId}'",
        "docker run -e TOKEN --env API_KEY x",
        "exec {fd}>f",
        "git rev-parse v1^{commit}",
    ] {
        assert_eq!(names(none), [""; 0], "{none}");
        assert!(super::super::holes::holes_and_doubts(none).1.is_empty(), "{none}");
    }
}

#[test]
fn what_is_looked_for_said_or_called_so_is_data() {
    for none in [
        "grep -rn TODO src",
        "sed -i 's/CHANGEME/x/' f",
        "sed -i \"s/__VERSION__/$V/g\" f",
        "sed 's/{{ name }}/x/' f",
        "[ \"$TOKEN\" = CHANGEME ] && exit 1",
        "cat TODO.md",
        "git commit -m \"Finish the TODO list\"",
        "git commit -m \"Fix the pump...\"",
        "echo done...; echo \"ok...\"; echo ______; curl -O https://host/dist/v18.x/a",
        "cat > Makefile <<'EOF'\n\t$(CC) x.c\nEOF",
        "echo Loading...; echo \"Deploying v2...\"",
        "echo \"Déploiement « prod » terminé\"",
        "echo \"【完成】\"; echo 部署完成",
        "git commit -m Выпуск",
        "nvm install 18.x; npm i react@18.x",
        "curl -fsSL https://deb.example.com/setup_18.x | bash -",
        "cat <<__EOF__ > f\nhello\n__EOF__",
        "python -m pytest __pycache__ tests/__init__.py",
        "gcc -D__USE_GNU__ x.c",
        "go install x@HEAD; git show HEAD~2",
        "bazel build //...; go test ./...; git log a...b",
        "cat VERSION; echo $VERSION > VERSION",
        "df -h | awk '$5 > \"90%\" {print}'",
        "echo [info] starting",
        "grep -P '(?<year>\\d+)' f; grep '\\<word\\>' f",
        "psql postgres://app:app@localhost/x",
        "openssl x509 -in c; apt install python3.11",
    ] {
        assert_eq!(names(none), [""; 0], "{none}");
        assert!(super::super::holes::holes_and_doubts(none).1.is_empty(), "{none}");
    }
}
