# shellcheck shell=bash disable=SC2154
# The images kept between runs: one of Debian's packages, and thin ones on top.

# What decides an image's content: the hash of the files under these paths.
hash_of() { (cd "$stack" && find "$@" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12); }

thin=(postgres qdrant-standin node server)

# The folder that a thin image is made of.
sources() {
    case $1 in
    qdrant-standin) echo qdrant ;;
    server) echo server project ;;
    *) echo "$1" ;;
    esac
}

# A thin image says what it was made of.
made_of() { docker image inspect --format "{{index .Config.Labels \"$label.hash\"}}" "$1" 2>/dev/null || true; }

images() {
    local base name hash
    local -a paths
    docker version >/dev/null || die "needs a Docker Engine"
    base=gonogo-island-base:$(hash_of base)
    borrow "$base"
    docker image inspect "$base" >/dev/null 2>&1 || import "$base"
    for name in "${thin[@]}"; do
        read -ra paths <<<"$(sources "$name")"
        hash=$base-$(hash_of "${paths[@]}")
        [[ $(made_of "gonogo-island-$name") != "$hash" ]] || continue
        say "builds gonogo-island-$name"
        # The engine's older builder leaves no cache of its own behind.
        DOCKER_BUILDKIT=0 docker build --quiet --network none --build-arg "BASE=$base" --label "$label=image" \
            --label "$label.hash=$hash" --tag "gonogo-island-$name" --file "$stack/${paths[0]}/Dockerfile" \
            "$stack" >/dev/null
    done
    # What a rebuilt image leaves behind has no name any more.
    docker image prune --force --filter "label=$label=image" >/dev/null
}

import() {
    command -v mmdebstrap >/dev/null || die "needs mmdebstrap (Debian: mmdebstrap)"
    say "makes $1 of Debian's packages"
    "$stack/base/build" | docker import --change "LABEL $label=image" - "$1" >/dev/null || {
        docker image rm --force "$1" >/dev/null 2>&1
        die "no image of Debian's packages"
    }
}

# An engine of our own takes the base from the machine's, where it is there: that is sooner than making it.
borrow() {
    local machine=unix:///var/run/docker.sock
    [[ ${DOCKER_HOST:-$machine} != "$machine" ]] || return 0
    docker image inspect "$1" >/dev/null 2>&1 && return
    docker --host "$machine" image inspect "$1" >/dev/null 2>&1 || return 0
    say "copies $1 from the machine's engine"
    docker --host "$machine" save "$1" | docker load --quiet >/dev/null
}

clean() {
    local -a ids
    mapfile -t ids < <(docker image ls --quiet --filter "label=$label=image" | sort -u)
    ((${#ids[@]} == 0)) || docker image rm --force "${ids[@]}" >/dev/null
}
