# shellcheck shell=bash disable=SC2154
# A Docker Engine of our own beside the machine's, so that one can be stopped and started again for real.

# Everything of it is in one folder; only its socket's folder is mounted into servers.
engine() {
    local folder what=$2
    mkdir -p "$1"
    folder=$(readlink -f "$1")
    shift 2
    case $what in
    start) engine_start "$folder" "$@" ;;
    stop) engine_stop "$folder" ;;
    restart)
        engine_stop "$folder"
        engine_start "$folder" "$@"
        ;;
    *) die "start, restart or stop an engine, and not $what" ;;
    esac
}

engine_answers() {
    # One that has ended is not waited for.
    kill -0 "$2" || exit 1
    docker --host "unix://$1/docker.sock" version
}
engine_runs() { [[ -e $1/docker.pid ]] && kill -0 "$(<"$1/docker.pid")" 2>/dev/null; }
engine_ended() { ! engine_runs "$1"; }

# The quickest way of keeping layers that this kernel and this file system have.
storage() {
    local try
    try=$(mktemp --directory "$1/try.XXXX")
    mkdir "$try"/{lower,upper,work,merged}
    if mount -t overlay overlay -o "lowerdir=$try/lower,upperdir=$try/upper,workdir=$try/work" "$try/merged" \
        2>/dev/null; then
        umount "$try/merged"
        echo overlay2
    elif command -v fuse-overlayfs >/dev/null; then
        echo fuse-overlayfs
    else
        echo vfs
    fi
    rm -r "$try"
}

# Addresses of an engine's networks, beside those that the machine's engine gives: each folder has its own.
pool() { echo "10.$((64 + $(cksum <<<"$1" | cut -d' ' -f1) % 128)).0.0/16"; }

# The machine's engine keeps its own rules of iptables, which drop what other bridges carry; a second engine would
# begin by removing them. So it keeps none, and one rule lets its networks be.
passes() { iptables -w "$1" FORWARD -s "$(pool "$2")" -d "$(pool "$2")" -j ACCEPT 2>/dev/null; }

# An engine that is to have no bridge removes `docker0`, which is the machine's engine's: so it has one of its own. One
# that is started again with addresses of its own does so all the same, and the bridge is put back.
bridge() { echo "isle$(cksum <<<"$1" | cut -d' ' -f1)" | cut -c1-15; }

engine_start() {
    local folder=$1 machines
    machines=$(ip -o -4 address show docker0 2>/dev/null | awk '{ print $4 }')
    shift
    ! engine_runs "$folder" || die "the engine in $folder runs"
    # The path of a socket is short.
    ((${#folder} < 80)) || die "$folder is too long for a socket in it"
    mkdir -p "$folder/socket"
    ln -sf "$folder/socket/docker.sock" "$folder/docker.sock"
    [[ -e $folder/storage ]] || storage "$folder" >"$folder/storage"
    passes -C "$folder" || passes -I "$folder"
    ip link show "$(bridge "$folder")" >/dev/null 2>&1 || {
        ip link add "$(bridge "$folder")" type bridge
        ip address add "$(pool "$folder" | sed 's,0.0/16,255.1/24,')" dev "$(bridge "$folder")"
    }
    echo '{}' >"$folder/daemon.json"
    # It outlives the terminal it was started from.
    setsid dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/docker.pid" \
        --host "unix://$folder/socket/docker.sock" --storage-driver "$(<"$folder/storage")" \
        --config-file "$folder/daemon.json" \
        --bridge "$(bridge "$folder")" --iptables=false --ip6tables=false --mtu 1400 \
        --default-address-pool "base=$(pool "$folder"),size=24" "$@" </dev/null >>"$folder/log" 2>&1 &
    (wait_for "the engine in $folder" engine_answers "$folder" $!) || {
        tail "$folder/log" >&2
        exit 1
    }
    [[ -z $machines ]] || ip link show docker0 >/dev/null 2>&1 || {
        ip link add docker0 type bridge
        ip address add "$machines" broadcast + dev docker0
        ip link set docker0 up
    }
    echo "unix://$folder/docker.sock"
}

engine_stop() {
    while passes -D "$1"; do :; done
    engine_runs "$1" || return 0
    kill "$(<"$1/docker.pid")"
    wait_for "the engine's end" engine_ended "$1"
    ip link delete "$(bridge "$1")" 2>/dev/null || true
    # Where containers go on without it, their files are still below.
    umount "$1/data" 2>/dev/null || true
}

# The engine is restarted, and all that it ran ends but the servers: those are machines of their own here, where an
# engine's restart would leave them be. What has a restart policy is started again by the engine.
engine_restart_around_servers() {
    local folder id
    local -a processes=()
    [[ ${DOCKER_HOST:-} == unix://*/docker.sock ]] || die "wants the engine that stack engine started, in DOCKER_HOST"
    folder=${DOCKER_HOST#unix://}
    folder=$(readlink -f "${folder%/*}")
    engine_runs "$folder" || die "no engine of stack's in $folder"
    for id in $(docker ps --quiet --filter "label=com.docker.compose.project=$island"); do
        processes+=("$(docker inspect --format '{{.State.Pid}}' "$id")")
    done
    docker info --format '{{.LiveRestoreEnabled}}' | grep -qx true || die "wants stack engine $folder start --live-restore"
    engine_stop "$folder"
    # What each of them takes as the word to end quickly.
    kill -INT "${processes[@]}"
    wait_for "the end of the containers" none_of "${processes[@]}"
    engine_start "$folder" --live-restore
}

none_of() { ! kill -0 "$@"; }
