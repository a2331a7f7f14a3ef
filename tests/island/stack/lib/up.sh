# shellcheck shell=bash disable=SC2154
# Starting a whole deployment, asking it, removing it.

# The docker engine's socket on this machine, as the server mounts it.
socket() {
    case ${DOCKER_HOST:-} in
    '') echo /var/run/docker.sock ;;
    unix://*) readlink -f "${DOCKER_HOST#unix://}" ;;
    *) die "the server mounts the engine's socket, and $DOCKER_HOST is none" ;;
    esac
}

up() {
    local compose=v1 fault='' backups='' runbook='' key='' host_key='' other
    while (($#)); do
        case $1 in
        --compose) compose=$2 ;;
        --fault) fault=$2 ;;
        --backups) backups=$2 ;;
        --runbook) runbook=$2 ;;
        --key) key=$2 ;;
        --host-key) host_key=$2 ;;
        *) die "$1? stack help lists what can be said" ;;
        esac
        shift 2 || die "$1 wants a value"
    done
    [[ $compose == v[12] ]] || die "--compose v1 or v2"
    [[ -z $fault || -e $stack/project/faults/$fault.patch ]] || die "no fault $fault in project/faults"
    [[ -z $(docker ps -aq --filter "label=$label=$island") ]] || die "$island is up: stack down $island"
    other=$(names | paste -sd' ')
    # What one of them builds is what the other starts next.
    [[ -z $other ]] || say "services-api-server:latest of this engine is that of $other as well"
    images
    trap give_up EXIT
    create
    start_server
    deploy
    trap - EXIT
    tell
}

create() {
    # The name of a container that ended is asked for outside, where there may be nobody to answer.
    local -a options=(--name "$island-server" --hostname production-server --init --label "$label=$island"
        --network "$island" --network-alias production-server --network-alias qdrant
        --dns-opt timeout:1 --dns-opt attempts:1
        --env "ISLAND=$island" --env "COMPOSE=$compose" --env "FAULT=$fault"
        --env "USER_PASSWORD=$user_password" --env "POSTGRES_PASSWORD=$postgres_password")
    local socket
    socket=$(socket)
    # A file that is mounted stays the old one when an engine of our own makes its socket anew; a folder does not.
    if [[ $socket == /var/run/docker.sock || $socket == /run/docker.sock ]]; then
        options+=(--volume "$socket:/var/run/docker.sock")
    else
        options+=(--volume "${socket%/*}:/run/engine" --env "SOCKET=/run/engine/${socket##*/}")
    fi
    [[ -z $backups ]] || options+=(--mount "type=tmpfs,destination=/backups,tmpfs-mode=0777,tmpfs-size=$backups")
    docker network create --label "$label=$island" "$island" >/dev/null
    docker create "${options[@]}" gonogo-island-server >/dev/null
    [[ -z $runbook ]] || give runbook.md "$runbook"
    [[ -z $key ]] || give authorized_keys "$key"
    [[ -z $host_key ]] || give host_key "$host_key"
}

# Gives the server a file, before it starts.
give() { docker cp "$2" "$island-server:/usr/share/island/$1" >/dev/null 2>&1 || die "can't copy $2"; }

start_server() {
    docker start "$island-server" >/dev/null
    wait_for "the server" made_ready
    address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$island-server")
    wait_for "SSH at $address" answers_ssh
}

# One that has ended is not waited for; its logs are shown.
made_ready() {
    [[ $(docker inspect --format '{{.State.Running}}' "$island-server") == true ]] || exit 1
    root test -e /run/island-ready
}

answers_ssh() {
    local banner=
    { read -rt 2 banner <"/dev/tcp/$address/22"; } 2>/dev/null && [[ $banner == SSH-* ]]
}

deploy() {
    as_user /usr/share/island/server/first-deployment >&2
    wait_for "/health of the API" root curl -fsS http://localhost:3030/health
    wait_for "healthy containers" all_healthy
}

all_healthy() {
    local id
    for id in $(docker ps -aq --filter "label=com.docker.compose.project=$island"); do
        [[ $(docker inspect --format '{{.State.Health.Status}}' "$id") == healthy ]] || return 1
    done
}

tell() {
    printf '{"name":"%s","address":"%s","port":22,"container":"%s","compose_project":"%s",' \
        "$island" "$address" "$island-server" "$island"
    printf '"password":"%s","postgres_password":"%s","host_key":"%s"}\n' \
        "$user_password" "$postgres_password" "$(root cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub)"
}

# What there is to know is shown before it is removed.
give_up() {
    local status=$? id
    for id in $(docker ps -aq --filter "label=$label=$island"); do
        say "$(docker ps -a --filter "id=$id" --format '{{.Names}}, {{.Status}}') said at the end:"
        docker logs --tail 20 "$id" >&2 || true
    done
    down
    exit "$status"
}

# What the deployment made by itself has the label as well: docker-compose.yml says so.
down() {
    local -a found
    # The server goes first, and what runs there: it makes nothing more.
    docker rm --force --volumes "$island-server" >/dev/null 2>&1 || true
    mapfile -t found < <({
        docker ps -aq --filter "label=$label=$island"
        docker ps -aq --filter "label=com.docker.compose.project=$island"
    } | sort -u)
    ((${#found[@]} == 0)) || docker rm --force --volumes "${found[@]}" >/dev/null
    mapfile -t found < <(docker volume ls --quiet --filter "label=$label=$island")
    ((${#found[@]} == 0)) || docker volume rm "${found[@]}" >/dev/null
    mapfile -t found < <(docker network ls --quiet --filter "label=$label=$island")
    ((${#found[@]} == 0)) || docker network rm "${found[@]}" >/dev/null
    mapfile -t found < <(docker image ls --quiet --filter "label=$label=$island" | sort -u)
    ((${#found[@]} == 0)) || docker image rm --force "${found[@]}" >/dev/null
}

names() {
    local format="{{.Label \"$label\"}}"
    {
        docker ps -a --filter "label=$label" --format "$format"
        docker volume ls --filter "label=$label" --format "$format"
        docker network ls --filter "label=$label" --format "$format"
    } | sort -u | grep -vx image || true
}

purge() {
    local -a all
    mapfile -t all < <(names)
    for island in "${all[@]}"; do
        say "removes $island"
        down
    done
}

key() { docker exec --interactive --user user "$island-server" sh -c \
    'umask 077 && cat >>~/.ssh/authorized_keys' <"$1"; }

version() {
    root runuser -u user -- git -C /opt/claude-context describe --tags
    root curl -s --max-time 5 http://localhost:3030/version || echo -n unreachable
    echo
}
