//! Rows for containers, clusters, clouds and what describes them.

use super::super::super::classified::Effect;
use super::super::given::Given;
use super::super::row::{Program, program};
use super::super::{clients, files, requests, signals};

const KUBE_VALUED: &str = "-n --namespace --context --kubeconfig --kube-context --cluster --user -l --selector -o --output --as -s --server";

#[rustfmt::skip] // a table
pub(super) const CLUSTERS: &[Program] = &[
    program("docker podman nerdctl").valued("-H --host --context -c -l --log-level --config")
        .reads("ps, images, logs, inspect, stats, version, info, top, port, history, diff, events, search, wait, \
                container|image|volume|network|config|secret|service|node|stack|context|plugin ls|list|inspect|ps|logs|show, system df|info|events, buildx ls|du, manifest inspect")
        .destroys("rm, stop, container rm|remove|stop|prune, volume rm|remove|prune, system prune|reset, stack|service rm|remove|down, secret|config rm|remove, \
                   service scale|update *=0, service update --replicas=0, swarm leave, node rm|remove, machine rm|stop, pod rm|stop|kill|prune, plugin rm")
        .keyboard("login !-p !--password !--password-stdin")
        .by(engine, "`kill` with a signal that ends; `cp` of a backup"),
    program("docker-compose podman-compose").dry("--dry-run")
        .valued("-f --file -p --project-name --env-file --profile --project-directory --ansi --parallel --progress -t --timeout")
        .reads("ps, logs, config !-o !--output !--lock-image-digests, convert, images, top, version, ls, port, events, stats, volumes")
        .destroys("down, rm, stop $, up -V|--renew-anon-volumes, up --scale=*=0, scale *=0, --volumes")
        .by(engine, "`kill` with a signal that ends; `cp` of a backup"),
    program("docker-machine").reads("ls|status|ip|env|inspect").destroys("rm|stop|kill"),
    program("ctr crictl").reads(".. ls|list|info, ps, pods, images, logs, inspect*").destroys(".. rm|rmp|delete|del|stop|stopp|kill"),
    program("kubectl oc kubecolor").valued(KUBE_VALUED).dry("--dry-run")
        .reads("get, describe, logs, top, version, explain, api-resources, api-versions, cluster-info !--output-directory, auth can-i|whoami, rollout status|history, \
                config view|current-context|get-contexts|get-clusters|get-users, diff, wait, events, kustomize, whoami, status")
        .destroys("delete, drain, adm drain, replace --force, scale --replicas=0, taint .. *NoExecute, apply --prune, config delete-*, patch -p=*\"replicas\":0*, \
                   patch --patch=*\"replicas\":0*, cnpg destroy|hibernate, certificate deny")
        .keyboard("edit, attach -i|-t")
        .by(cluster, "`cp` of a backup"),
    program("helm helm3").valued(KUBE_VALUED).dry("--dry-run")
        .reads("list|ls, status, history, get, version, show, search, template !--output-dir, lint, diff, env, repo list|ls, dependency|dep list, verify")
        .destroys("uninstall|delete|del|un"),
    program("helmfile").valued("-e -f -l").reads("list|diff|lint|template|status").destroys("destroy|delete"),
    program("argocd").reads("app list|get|diff|history|logs|wait, cluster|repo|proj list|get, version").dry("--dry-run")
        .destroys("app|appset|cluster|repo|proj delete|rm|delete-resource, app sync --prune, app terminate-op"),
    program("flux").reads("get|check|logs|stats|tree|events|diff|version").destroys("delete|uninstall"),
    program("istioctl linkerd cilium").reads("version|check|status|analyze|proxy-status").destroys("uninstall|delete|purge, x uninstall, .. delete"),
    program("kubeadm k0s").reads("version, token list, config view").destroys("reset, token delete"),
    program("kind k3d minikube eksctl kops rke rke2 talosctl crc colima microk8s k3s").reads("get, list, status, version, cluster list, node list, ip, profile list")
        .destroys("delete, .. delete, stop, .. stop, reset, remove, shutdown, drain, reboot, node delete, kill, leave, uninstall, .. --cluster-reset|--cluster-reset-restore-path=*"),
    program("skaffold devspace garden werf tilt okteto telepresence").destroys("delete|purge|cleanup|dismiss|down|destroy|uninstall|quit, .. delete"),
    program("kamal mrsk").reads("app details|logs|version, details, audit, config, version").destroys("remove, app|accessory|proxy|traefik stop|remove, lock release").keyboard("app exec -i, console, dbc"),
    program("dokku").reads("apps:list, ps:report, logs, config:show|config").destroys("*:destroy|*:stop|*:remove|*:clear|*:import|apps:unlock|postgres:unlink, ps:scale *=0"),
    program("nomad").reads("status|version, job status|history|plan, node status, alloc status|logs").destroys("job stop|revert, stop, node drain|purge, system gc, alloc stop, volume delete|deregister, namespace delete, deployment fail, var purge"),
    program("lxc incus").reads("list|ls|info, image list, config show").destroys("delete|rm|stop|restore, .. delete, snapshot restore"),
    program("virsh").reads("list|dominfo|domstate|dumpxml|net-list|pool-list").destroys("destroy|undefine|shutdown|reset|reboot|managedsave-remove|vol-delete|vol-wipe|pool-destroy|pool-delete|snapshot-delete|snapshot-revert|net-destroy").keyboard("$"),
    program("qm pct pvesm xl").reads("list|status|config").destroys("destroy|stop|shutdown|reset|reboot|rollback|delsnapshot|free|remove"),
    program("vagrant multipass limactl").reads("status|list|ls|info|global-status, box list").destroys("destroy|halt|delete|purge|stop|suspend, snapshot delete|restore, box remove"),
    program("VBoxManage vboxmanage govc prlctl vmrun").destroys("unregistervm --delete, controlvm * poweroff|reset, vm.destroy, vm.power -off, datastore.rm, snapshot.revert|snapshot.remove, stop|delete|reset, snapshot * restore"),
    program("buildah skopeo crane oras cosign trivy syft grype kaniko dive hadolint kubeconform kubeval stern k9s kubectx kubens"),
];

#[rustfmt::skip] // a table
pub(in super::super) const CLOUDS: &[Program] = &[
    program("aws awslocal").dry("--dryrun|--dry-run")
        .valued("--profile --region --output --endpoint-url --query --cli-read-timeout --ca-bundle")
        .reads("* describe-*|list-*, s3 ls, sts get-*, iam get-*, ecr get-login-password, ssm get-parameter*, secretsmanager get-secret-value, cloudwatch get-*, logs filter-log-events, \
                lambda get-*, s3api head-*|get-bucket-*, * wait, ce get-*, configure list*")
        .destroys("* delete-*|terminate-*|stop-*|destroy-*|purge-*|remove-*|reboot-*|batch-delete-*|schedule-key-deletion|empty-*|deregister-image|disable-key|revoke-certificate|cancel-*|reset-*|release-address, \
                   s3 rm|rb, s3 mv --recursive, ecs update-service --desired-count=0, autoscaling * --desired-capacity=0, cloudformation rollback-stack")
        .keyboard("configure $, configure sso|sso-session, sso login, login")
        .by(aws, "`s3 sync --delete`, except into a temporary folder; a backup fetched onto data in use; statements sent to a database"),
    program("gcloud").valued("--project --region --zone --account --configuration --format -q --filter")
        .reads(".. list|describe, config list|get-value|get, auth list, .. get-iam-policy, version, info, logging read, .. versions access, .. print-access-token")
        .destroys(".. delete|stop|destroy|purge|reset|remove|disable|kill|abandon|suspend|reboot|simulate-maintenance-event|delete-instances, storage rm, sql backups restore, storage rsync --delete-unmatched-destination-objects, sql import sql|bak * *dump*|*backup*|*snapshot*")
        .keyboard("sql connect, .. connect !--command, init, auth login"),
    program("gsutil").reads("ls|du|stat|cat|version, rsync -n, -m rsync -n").destroys("rm|rb, rsync -d, -m rm|rb").by(bucket, "a backup fetched onto data in use"),
    program("bq").reads("ls|show|head, query --dry_run").destroys("rm").by(clients::loose, "statements that drop, delete or truncate"),
    program("az").valued("-g --resource-group -n --name --subscription -o --output --query")
        .reads(".. list|show, account get-access-token, .. list-*, version")
        .destroys(".. delete|purge|stop|deallocate|destroy|remove|power-off|reimage|redeploy|delete-*|failover|cancel|disconnect, .. restore, storage blob delete-batch, storage blob sync --delete-destination, .. scale --node-count=0")
        .keyboard("interactive, login !--service-principal !--identity !-u, .. connect"),
    program("azcopy").dry("--dry-run").reads("list, jobs list|show").destroys("remove|rm, sync --delete-destination, jobs clean|remove"),
    program("doctl").valued("-t --context --output -o").reads(".. list|ls|get, account get").destroys(".. delete|destroy|rm|d|remove|del, compute droplet-action power-off|shutdown|reboot|rebuild|restore|power-cycle, databases reset").keyboard(".. console|login"),
    program("hcloud").reads(".. list|describe").destroys(".. delete|shutdown|poweroff|reset|rebuild|reboot"),
    program("linode-cli linode scw exo vultr-cli upcloud upctl ibmcloud oci openstack nova civo ovhai ionosctl aliyun tccli yc")
        .reads(".. list|ls|show|get|describe|view").destroys(".. delete|del|rm|remove|destroy|terminate|stop|shutdown|reboot|rebuild|purge|*-delete|delete-*|Delete*|Terminate*|Stop*|halt|poweroff|action --action=STOP"),
    program("heroku scalingo").valued("-a --app -r --remote")
        .reads("status, logs, list, ps $, info $, releases $, apps $, addons $, config $, pg:info, pg:ps, apps:info, domains $, maintenance $")
        .destroys("*:destroy|*:delete|*:remove|pg:reset|pg:copy|pg:killall|pg:promote|pg:backups:restore|pg:backups:delete|pg:kill|ps:kill|ps:stop|maintenance:on|apps:leave|redis:maintenance|destroy|db-api:delete, pg:backups restore|delete, ps:scale *=0, scale *=0, repo:reset")
        .keyboard("pg:psql !-c !--command, psql, redis:cli, *:connect, run:inside, run bash|sh|console|rails, login, *-console, mongo-console")
        .by(clients::loose, "statements that drop, delete or truncate; a backup among its files"),
    program("fly flyctl").valued("-a --app -c --config -t -o --org")
        .reads("status, logs, list, ps, info, releases, apps list, machine|machines|m list|status, volumes|vol|volume list|show, secrets list, version, ips list, checks list, scale show")
        .destroys(".. destroy|delete|remove|rm|stop|kill|suspend|restore, scale count *=0, scale count 0, postgres|pg|mpg restore|failover, machine|machines|m stop|kill|destroy|suspend, volumes|vol|volume destroy|delete, apps suspend, redis reset")
        .keyboard("postgres|pg|mpg|redis connect, console !-C !--command, ssh console !-C !--command, auth login"),
    program("vercel now").valued("-t --token -S --scope").reads("status, logs, list|ls, inspect, whoami, projects ls, domains ls, env ls").destroys("remove|rm, project|projects|domains|dns|certs|env|alias|secrets|teams|blob rm|remove|del").keyboard("login"),
    program("netlify ntl").reads("status, logs, sites:list").destroys("sites:delete|env:unset|blobs:delete|unlink").keyboard("login"),
    program("railway").reads("status, logs, list, ps, info, releases, whoami").destroys("down|delete, volume|service|environment delete|rm|remove").keyboard("connect, login"),
    program("render koyeb northflank zeabur porter qovery platform upsun eb copilot").reads("status, logs, list, services list, health, events, printenv, env ls, app ls")
        .destroys("terminate, .. delete|destroy|rm|remove|terminate|stop|pause|suspend, environment:delete, snapshot:restore, backup:restore, *:delete"),
    program("wrangler").destroys("delete, .. delete|rm|purge|reset, kv:* delete, d1 time-travel restore, queues purge, r2 * delete, pages project delete, secret delete").reads("whoami, deployments list, d1 list|info, kv namespace list, versions list")
        .keyboard("login").by(clients::loose, "statements that drop, delete or truncate; a backup among its files"),
    program("firebase").reads("projects:list, functions:log|functions:list, hosting:channel:list, target").destroys("*:delete|*:remove|*:disable|*:clear|hosting:disable|firestore:delete|database:remove|auth:import").keyboard("login, functions:shell"),
    program("cf").reads("apps|app|services|logs|events|routes|env").destroys("delete|stop|unbind-service|delete-*|purge-*|stop-*").keyboard("login !-u"),
    program("serverless sls sst sam amplify up chalice zappa claudia arc").reads("info|list|logs|status").destroys("remove|delete|destroy|undeploy|rollback, .. remove|delete, invalidate"),
    program("terraform tofu opentofu")
        .reads("plan !-out !-generate-config-out, show, output, validate, version, providers $, state list|show, workspace list|show, fmt -check, graph")
        .destroys("destroy, apply -auto-approve, apply -destroy, force-unlock, state rm|push|replace-provider, workspace delete, taint")
        .keyboard("apply|destroy !-auto-approve $, console $, login"),
    program("terragrunt").reads("plan !-out, show, output, validate, run-all plan|validate|output !-out")
        .destroys("destroy, .. destroy, apply -auto-approve|--auto-approve, run-all|stack|run apply --terragrunt-non-interactive|--non-interactive|-auto-approve, apply-all --terragrunt-non-interactive, destroy-all, force-unlock, state rm, run --all -- destroy")
        .keyboard("apply|destroy !-auto-approve !--terragrunt-non-interactive !--non-interactive $"),
    program("pulumi").valued("-s --stack -C --cwd").reads("preview|pre !--save-plan, stack ls|output|history, config get, about, version, whoami, logs")
        .destroys("destroy|down|dn, up|update -y|--yes|-f|--skip-preview, stack rm, state delete|unprotect, cancel, refresh -y|--yes, config rm")
        .keyboard("up|update|destroy|down|refresh !-y !--yes !-f !--skip-preview !--non-interactive"),
    program("cdk cdktf cdklocal").reads("doctor|version").destroys("destroy, gc, rollback --force, apply|deploy --auto-approve"),
    program("crossplane kapp ytt kbld").destroys("delete, app-group delete"),
    program("cloud-nuke aws-nuke gcp-nuke azure-nuke").destroys("aws, azure, gcp, run --no-dry-run, nuke, $ --no-dry-run|--force"),
    program("ansible-vault").reads("view").keyboard("edit|create"),
    program("sops").valued("--age -k --kms -p --pgp").reads("-d|--decrypt|decrypt").keyboard("edit, * $ !-d !--decrypt !-e !--encrypt !-i !--in-place !-r !--rotate !--version"),
    program("ansible ansible-playbook").by(requests::ansible, "playbooks and tags by their names, `state=absent` and `state=stopped`, `-m reboot`, what `-a` runs"),
    program("salt-key").reads("-L|--list-all|-l, $ -L, --list, -p|--print").destroys("-d|--delete|-D|--delete-all|-r|--reject|-R|--reject-all"),
    program("salt salt-call puppet chef-client knife").destroys(".. service.stop|pkg.remove|pkg.purge|file.remove|system.reboot|system.shutdown|state.purge, node|client|environment|cookbook delete, resource * * ensure=absent, ssl clean, cert clean|revoke"),
    program("curl curlie").by(requests::curl, "`DELETE`; addresses such as `…/_delete_by_query` and `…/shutdown`; statements in what it sends"),
    program("wget").by(requests::wget, "`--method=DELETE`"),
    program("http https xh xhs").by(requests::httpie, "`DELETE`; addresses such as `…/shutdown`"),
];

fn engine(given: &Given<'_>) -> Effect {
    let mut words = given.simple.args().iter().filter(|a| !a.starts_with('-')).map(String::as_str);
    match (words.next(), words.next()) {
        (Some("kill"), _) | (Some("container"), Some("kill")) => signals::sent(given),
        (Some("cp"), _) | (Some("container"), Some("cp")) => files::copy(given),
        _ => Effect::Changes,
    }
}

fn cluster(given: &Given<'_>) -> Effect {
    if given.simple.has("cp") { files::copy(given) } else { Effect::Changes }
}

fn bucket(given: &Given<'_>) -> Effect {
    if files::fetched(given.simple.args()) { Effect::Destructive } else { Effect::Changes }
}

fn aws(given: &Given<'_>) -> Effect {
    let args = given.simple.args();
    let syncs = given.simple.has("sync") && given.simple.has("--delete");
    let temporary = args.iter().any(|a| super::super::paths::is_temporary(a));
    if (syncs && !temporary) || files::fetched(args) { Effect::Destructive } else { clients::loose(given) }
}
