use super::*;

fn takes_back(back: &str, changed: &str) -> bool {
    let word = |w: &str| w.to_owned();
    let resolve = Resolve { directory: Some("/srv"), word: &word };
    let (back, changed) = (touches(back, &resolve), touches(changed, &resolve));
    back.iter().any(|own| changed.iter().any(|other| own.meets(other)))
}

#[test]
fn what_takes_back_what() {
    for (changed, back) in [
        ("sqlite3 data/x.db < m.sql", "cp $BK data/x.db"),
        ("sqlite3 data/x.db 'ALTER TABLE a ADD b'", "cp $BK ./data/x.db"),
        ("ln -sfn releases/2 site/cur", "cd site && ln -sfn ../releases/1 cur"),
        ("systemctl stop web", "sudo systemctl start web.service"),
        ("kubectl -n shop rollout restart deploy/web", "helm rollback shop"),
        (
            "kubectl -n shop set image deployment/web web=r/web:2",
            "kubectl rollout undo deployment web --namespace shop",
        ),
        ("kubectl -n shop set image deploy/web web=2", "kubectl rollout undo deploy/web"),
        ("kubectl apply -n shop -f k8s/", "kubectl -n shop rollout undo deploy/api"),
        ("docker-compose up -d api", "docker compose down"),
        ("docker stop web && docker run -d --name web r/web:2", "docker run -d --name web r/web:1"),
        ("psql -d shop -f 2.sql", "psql postgres://u@h/shop < b.sql"),
        ("psql -d shop -c 'ALTER TABLE a ADD b int'", "psql shop -c 'alter table a drop column b'"),
        ("git pull origin main", "git checkout v1"),
        ("cp -r build/. /var/www/html", "rm -rf /var/www/html && mv /var/www/old /var/www/html"),
        ("ssh web 'ln -sfn /r/2 /srv/cur'", "ssh web 'ln -sfn /r/1 /srv/cur'"),
        ("fly deploy -a web", "fly releases rollback -a web"),
        ("./deploy.sh v2", "./deploy.sh v1"),
        ("aws s3 sync dist s3://site", "aws s3 sync old s3://site"),
        ("alembic upgrade head", "alembic downgrade -1"),
        ("alembic upgrade head", "psql shop < b.sql"),
        ("supervisorctl restart worker", "supervisorctl restart all"),
        ("docker start web", "docker rm -f $(docker ps -aq)"),
        ("apt-get install web=2", "apt-get install web=1"),
        ("redis-cli SET maintenance on", "redis-cli DEL maintenance"),
        ("curl -X POST https://lb/api/drain", "curl -X POST https://lb/api/enable"),
        ("sed -i s/1/2/ .env", "git checkout v1 && cp .env.bak .env"),
        ("kill $(cat web.pid)", "./service start"),
        ("/etc/init.d/web stop", "service web start"),
        ("echo 2 > VERSION", "echo 1 > VERSION"),
    ] {
        assert!(takes_back(back, changed), "{changed} / {back}");
    }
    for (changed, back) in [
        ("./ops/ctl web start", "./ops/ctl worker stop"),
        ("systemctl stop web", "systemctl start worker"),
        ("ln -sfn releases/2 site/cur", "ln -sfn releases/1 site/other"),
        ("sqlite3 data/x.db < m.sql", "cp $BK data/y.db"),
        ("psql -d shop -f 2.sql", "psql -d users < b.sql"),
        ("psql shop -c 'alter table a add b int'", "psql shop -c 'delete from c'"),
        ("kubectl -n shop apply -f k8s/", "kubectl -n pay rollout undo deploy/web"),
        ("kubectl -n shop set image deploy/web web=2", "kubectl -n shop rollout undo deploy/api"),
        ("rm -rf /srv/releases/1", "ln -sfn releases/2 cur"),
        ("redis-cli FLUSHALL", "redis-cli DEL maintenance"),
        ("docker stop web", "docker start db"),
        ("git pull", "npm ci"),
        ("fly deploy -a web", "fly releases rollback -a api"),
        ("./migrate.sh", "systemctl restart web"),
    ] {
        assert!(!takes_back(back, changed), "{changed} / {back}");
    }
}

#[test]
fn what_only_prepares_touches_nothing() {
    let word = |w: &str| w.to_owned();
    for text in [
        "mkdir -p backup",
        "BK=backup/$(date +%s).db",
        "export F=x",
        "cp data/x.db backup/x.db",
        "pg_dump d | gzip > d.sql.gz",
        "sqlite3 data/x.db \".backup 'backup/x.db'\"",
        "tar czf site.tgz site",
        "git fetch --tags",
        "docker pull r/web:2",
        "restic backup /srv",
        "mysqldump shop > /var/tmp/shop.sql",
        "curl -fsSLo web.tgz https://x/web.tgz",
    ] {
        let found = touches(text, &Resolve { directory: Some("/srv"), word: &word });
        assert_eq!(found, [], "{text}");
    }
}
