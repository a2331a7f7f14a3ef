//! Rows for the machine: files, disks, processes, services, the network.

use super::super::super::classified::Effect;
use super::super::given::Given;
use super::super::row::{Program, program};
use super::super::{files, names, readers, signals};

#[rustfmt::skip] // a table
pub(super) const FILES: &[Program] = &[
    program("rm").by(files::rm, "folders, what a pattern takes, and data in use, but not builds, caches and temporary files"),
    program("shred srm unlink").by(files::shred, "any file but a temporary one"),
    program("truncate").by(files::truncate, "cutting a file off"),
    program("dd").by(files::dd, "writing over a file or a disk"),
    program("cp scp install").by(files::copy, "a backup put back, a file of data written over"),
    program("mv").by(files::mv, "data in use moved away, a backup put back"),
    program("rsync").by(files::rsync, "`--delete`, except in a temporary folder; a backup put back"),
    program("tar bsdtar gtar").by(files::tar, "a backup taken apart, or anything over `/` or data in use"),
    program("unzip 7z 7za").by(files::unzip, "a backup taken apart, or anything over `/` or data in use"),
    program("find").by(files::find, "`-delete`, except builds, caches and temporary files; what it runs"),
    program("fd fdfind").reads("!-x !-X !--exec !--exec-batch"),
    program("tee").by(files::tee, "data in use written over"),
    program("rmdir mkdir touch ln chmod chown chgrp chattr setfacl mktemp mkfifo fallocate split patch xattr"),
    program("gzip pigz bzip2 xz zstd").reads("-l|-t"),
    program("gunzip unpigz bunzip2 unxz unzstd").reads("-c|-t|--stdout"),
    program("mkfs wipefs blkdiscard mke2fs mkswap pvremove vgremove lvremove").destroys("* !--no-act, -a"),
    program("lvconvert").destroys("--merge"),
    program("lvreduce lvresize").destroys("-L|--size"),
    program("fdisk parted gdisk cfdisk").reads("-l|--list").destroys("* mklabel|mktable|rm|resizepart|mkpart").keyboard("* $ !-l !--list !-s !--script"),
    program("sgdisk").destroys("-Z|-o|-d|--zap-all|--clear|--delete"),
    program("sfdisk").reads("-l|-d|--list|--dump").destroys("* !-l !--list !-d !--dump"),
    program("mdadm").reads("-D|--detail|-E|--examine").destroys("--zero-superblock|--stop|-S|--fail|--remove"),
    program("cryptsetup").reads("status|luksDump").destroys("luksFormat|erase|luksErase|luksRemoveKey|luksKillSlot"),
    program("zpool").reads("list|status|get|history").destroys("destroy|labelclear|remove"),
    program("zfs").reads("list|get").destroys("destroy|rollback, receive|recv -F"),
    program("btrfs").destroys("subvolume|sub delete, device delete|remove"),
    program("umount").destroys("-a"),
    program("restic borg borgmatic duplicity duplicati kopia barman wal-g wal-e pgbackrest velero tarsnap rdiff-backup clickhouse-backup mariabackup xtrabackup")
        .by(files::backups, "restoring, except into a temporary folder; backups removed"),
];

const SYSTEMCTL_READS: &str = "is-*, list-*, status, show, cat, get-default";

#[rustfmt::skip] // a table
pub(super) const SERVICES: &[Program] = &[
    program("kill pkill killall skill killall5").by(signals::kill, "any signal that ends, except to a job of the same command or a tunnel"),
    program("taskkill Stop-Process Stop-Service Stop-Computer Restart-Computer").destroys("*, -f, $"),
    program("fuser").destroys("-k|--kill").reads("!-k !--kill"),
    program("systemctl").reads(SYSTEMCTL_READS).valued("-H --host -M --machine -t --type -p --property -n -o")
        .destroys("stop, disable|mask --now, isolate, reboot, poweroff, halt, kexec, emergency, rescue, clean, kill !-s !--signal")
        .keyboard("edit !--stdin").by(kill_by_signal, "`kill` with a signal that ends"),
    program("service rc-service invoke-rc.d").reads("--status-all, * status").destroys("* stop, * force-stop"),
    program("loginctl").reads("list*, show*, *-status, $").destroys("terminate-*|kill-*, poweroff|reboot|halt"),
    program("initctl sv s6-svc runsvchdir").reads("list|status").destroys("stop|down|d|exit|force-stop|shutdown, -d|-x|-k"),
    program("init telinit").destroys("0|1|6|S"),
    program("reboot halt poweroff shutdown").destroys("!-c !--help !-w !--wtmp-only"),
    program("supervisorctl").reads("status|tail|pid|avail").destroys("stop|shutdown|remove").keyboard("$"),
    program("pm2").reads("list|ls|status|logs|describe|show|info|jlist|prettylist|ping").destroys("stop|delete|del|kill|unstartup|flush"),
    program("monit").reads("status|summary").destroys("stop|quit|unmonitor"),
    program("launchctl").reads("list|print").destroys("unload|bootout|stop|remove|kill"),
    program("nginx openresty").valued("-s -c -p -g").reads("-t|-T|-v|-V").destroys("-s=stop, -s=quit"),
    program("apachectl apache2ctl httpd").reads("-t|-S|-v, configtest, status").destroys("stop|graceful-stop, -k=stop, -k=graceful-stop"),
    program("haproxy caddy traefik varnishd").destroys("stop, * stop"),
    program("start-stop-daemon daemon").destroys("--stop|-K"),
    program("forever circusctl").reads("list|status").destroys("stop|stopall|quit|rm"),
    program("iptables ip6tables ebtables").valued("-t --table").reads("-L|-S|--list !-Z !--zero !-F !-X").destroys("-F|-X|--flush|--delete-chain"),
    program("nft").reads("list").destroys("flush|delete|destroy"),
    program("ufw").reads("status, show").destroys("reset"),
    program("firewall-cmd").reads("--list*|--state|--get*").destroys("--panic-on"),
    program("ip").destroys("* set .. down, * flush, netns|link|route|addr|address delete|del"),
    program("ifconfig").reads("$, * $").destroys("* down"),
    program("ifdown").destroys("*"),
    program("nmcli").destroys("con|connection|c down|delete, networking off, device|dev|d disconnect|delete"),
    program("mysql_secure_installation mariadb-secure-installation raspi-config armbian-config").keyboard("!-h !--help !--use-default"),
    program("dpkg-reconfigure").keyboard("* !-f !--frontend"),
    program("update-alternatives").reads("--list|--display|--query").keyboard("--config"),
    program("adduser").keyboard("* $ !--disabled-password !--disabled-login !--system !--gecos"),
    program("smbpasswd").keyboard("!-s !-x !-d !-e !-n"),
    program("ssh-keygen").valued("-t -b -f -C -N -P -a -O -R -F -m -V -I -n -z -s").reads("-l|-F|-y|-L|-B").keyboard("-t !-N"),
    program("crontab").valued("-u").reads("-l").destroys("-r").keyboard("-e"),
    program("atrm").destroys("*"),
    program("userdel groupdel deluser delgroup").destroys("*"),
    program("swapoff setenforce sysctl modprobe rmmod hostnamectl timedatectl useradd usermod groupadd chpasswd logrotate ldconfig mount"),
    program("journalctl").reads("!--vacuum* !--rotate !--flush !--sync !--setup-keys !--relinquish-var !--update-catalog"),
    program("date").valued("-d --date -r --reference -f").reads("$ !-s !--set, +* $ !-s !--set"),
    program("hostname").reads("$ !-F !-b"),
    program("dmesg").reads("!-c !-C !--clear !--read-clear !-D !-E !-n"),
    program("ss").reads("!-K !--kill"),
    program("ulimit umask").reads("$"),
    program("alias time env command builtin").by(readers::alone, ""),
    program("sed gsed").by(readers::sed, ""),
    program("awk gawk mawk").by(readers::awk, ""),
    program("sort").reads("!-o !--output"),
    program("yq").reads("!-i !--inplace !-s !--split-exp"),
    program("uniq").reads("$, * $"),
    program("tree").reads("!-o"),
    program("xxd").reads("!-r"),
    program("nc netcat ncat").reads("-z"),
    program("openssl").reads("s_client !-out !-sess_out !-keylogfile, x509 !-out !-req !-CAcreateserial !-signkey, version, verify, dgst !-out !-sign").destroys("ca -revoke"),
    program("certbot").reads("certificates").destroys("revoke|delete"),
    program("acme.sh step cfssl easyrsa").reads("$ --list").destroys("revoke|remove|revoke-*, ca|ssh revoke, $ --revoke|--remove|--uninstall"),
    program("gpg gpg2").reads("-k|-K|--list-*|--verify").destroys("--delete-*").keyboard("--gen-key|--generate-key|--full-gen-key|--full-generate-key|--edit-key !--batch"),
    program("sh bash zsh dash ash ksh").by(names::fed_script, "a script fed to it whose name says so"),
    program("ssh mosh autossh sftp ftp lftp telnet su runuser fish eval exec source . nohup xargs sudo doas nice ionice timeout stdbuf setsid \
             chroot nsenter unshare script watch tmux screen read mapfile readarray trap vi vim nvim nano emacs"),
];

fn kill_by_signal(given: &Given<'_>) -> Effect {
    let kills = given.simple.args().iter().any(|a| a == "kill");
    if kills { signals::sent(given) } else { Effect::Changes }
}
