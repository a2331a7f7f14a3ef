# shellcheck shell=bash disable=SC2154
# What can go wrong while somebody deploys.

fault() {
    case $1 in
    port-taken) take_port ;;
    # Whoever waits for the port goes as well.
    port-free) root pkill -KILL -f take-port.mjs || true ;;
    backups-full) fill_backups ;;
    backups-free) root rm -f /backups/.filled ;;
    postgres-kill) docker kill "$(service postgres)" >/dev/null ;;
    postgres-back) docker start "$(service postgres)" >/dev/null && wait_for PostgreSQL sql 'SELECT 1' ;;
    # A session is a process of root's and one of the user's; the listener stays.
    ssh-cut) root pkill -KILL -f '^sshd: user( |@)' || die "nobody is logged in" ;;
    ssh-down) stop_sshd ;;
    ssh-up) start_sshd ;;
    net-cut) host_traffic -I ;;
    net-back) while host_traffic -D 2>/dev/null; do :; done ;;
    host-key) new_host_key ;;
    engine-restart) engine_restart_around_servers >/dev/null ;;
    table-exists) sql "$table_made_before" >/dev/null ;;
    *) die "$1? stack help lists what can go wrong" ;;
    esac
}

# A process of the user's on the server listens where the API would: at once where the port is free, and else as soon
# as it is.
take_port() {
    docker exec --detach --user user "$island-server" node /usr/share/island/server/take-port.mjs
    wait_for "a process that wants the port" root pgrep -f take-port.mjs
    wait_for "somebody on the port" root sh -c 'ss -Hltn "sport = :3030" | grep -q .'
    # Only its own processes are seen from the server, and not those of the containers on its network.
    root lsof -t -iTCP:3030 -sTCP:LISTEN >/dev/null || say "port 3030 is in use: it is taken as soon as it is free"
}

fill_backups() {
    # Without a size of its own it is the machine's disk.
    root mountpoint -q /backups || die "/backups has no size: stack up $island --backups SIZE"
    root sh -c 'cat /dev/zero >/backups/.filled' 2>/dev/null || true
}

no_listener() { ! root pgrep -f '^sshd: /usr/sbin/sshd'; }

stop_sshd() {
    root pkill -f '^sshd: /usr/sbin/sshd' || true
    wait_for "the end of sshd" no_listener
}

start_sshd() {
    no_listener || return 0
    root /usr/sbin/sshd -E /var/log/sshd.log
    wait_for "SSH's port" root sh -c 'ss -Hltn "sport = :22" | grep -q .'
}

# Between the server and this machine nothing passes; what the server's containers say to each other does.
# What the rules are to be: -I inserted, -D deleted.
host_traffic() {
    local process gateway
    local -a inside
    process=$(docker inspect --format '{{.State.Pid}}' "$island-server")
    gateway=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}' "$island-server")
    inside=(nsenter "--net=/proc/$process/ns/net" iptables -w)
    "${inside[@]}" "$1" INPUT -s "$gateway" -j DROP
    "${inside[@]}" "$1" OUTPUT -d "$gateway" -j DROP
}

new_host_key() {
    local key=/etc/ssh/ssh_host_ed25519_key
    root rm "$key" "$key.pub"
    root ssh-keygen -q -t ed25519 -N '' -f "$key"
    stop_sshd
    start_sshd
}

# As somebody left it who began once, and ended before the other tables.
table_made_before='CREATE TABLE claude_context.dataset_collections (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    dataset_id uuid NOT NULL,
    collection_name text NOT NULL UNIQUE,
    point_count bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
)'
