//! Rows for databases, stores, migrations and the consoles of frameworks.

use super::super::row::{Program, program};
use super::super::{clients, names};

const STATEMENTS: &str = "statements that drop, delete or truncate; a backup read in, packed or by its name";
const PROJECT: &str = "commands of its own whose names say so; statements that drop, delete or truncate";
const SENT: &str = "statements that drop, delete or truncate; a backup among its files";

#[rustfmt::skip] // a table
pub(super) const STORES: &[Program] = &[
    program("psql pgcli vsql gsql ysqlsh mysql mariadb mycli mysqlsh sqlite3 litecli duckdb mongosh mongo clickhouse-client clickhouse-local cqlsh \
             sqlcmd isql tsql usql trino presto hive beeline spark-sql snowsql impala-shell cypher-shell arangosh taos sqlplus db2 hdbsql")
        .by(clients::effect, STATEMENTS),
    program("cockroach").valued("--host --url").destroys("node decommission|drain, quit").by(clients::effect, STATEMENTS),
    program("influx surreal tarantoolctl ksql").destroys("delete, restore, .. delete").by(clients::effect, STATEMENTS),
    program("redis-cli valkey-cli keydb-cli").by(clients::redis, "`FLUSHALL`, `FLUSHDB`, `DEL`, `UNLINK`, `SHUTDOWN`, `CLUSTER RESET`, `RESTORE`"),
    program("pg_restore").reads("-l|--list").destroys("* !-l !--list !-f !--file, -d|--dbname|-c|--clean, $ !-l !--list !-f !--file"),
    program("mongorestore mysqlimport cbrestore influxd-restore pgloader").dry("--dryRun").destroys("*, $ !--version"),
    program("dropdb dropuser pg_dropcluster pg_resetwal pg_rewind").destroys("* !--dry-run"),
    program("pg_dump pg_dumpall mysqldump mariadb-dump mongodump createdb createuser vacuumdb reindexdb pg_basebackup mysqlcheck mongoexport pgbench"),
    program("mongoimport").destroys("--drop"),
    program("pg_ctl pg_ctlcluster").reads("status").destroys("stop, * * stop, kill"),
    program("mysqladmin mariadb-admin").valued("-u -h -P -S -p").reads("status|ping|processlist|version|variables|extended-status").destroys("drop|shutdown|kill, .. drop|shutdown"),
    program("patronictl").valued("-c -d").reads("list|history|show-config|topology").destroys("reinit|remove|pause").keyboard("failover|switchover !--force, edit-config"),
    program("repmgr").destroys("standby clone --force|-F, * unregister"),
    program("nodetool").reads("status|info|ring|describecluster|netstats|tpstats|compactionstats").destroys("decommission|removenode|assassinate|drain|stopdaemon|clearsnapshot|truncatehints"),
    program("etcdctl etcdutl").valued("--endpoints --cacert --cert --key").reads("get, member list, endpoint health|status, alarm list").destroys("del, snapshot restore, member remove"),
    program("consul").reads("members, kv get, catalog *, operator raft list-peers, info").destroys("kv delete, leave, force-leave, snapshot restore, services deregister, acl * delete, config delete, operator raft remove-peer"),
    program("vault bao").reads("status, kv get|list, token lookup, list, secrets list, auth list, policy list|read")
        .destroys("secrets|auth disable, delete, kv delete|destroy, kv metadata delete, operator seal, operator raft remove-peer, operator raft snapshot restore, lease revoke, token revoke, policy delete, namespace delete")
        .keyboard("login !-method !-token-only $"),
    program("rabbitmqctl rabbitmqadmin").reads("status|list_*|list|cluster_status|node_health_check").destroys("stop|stop_app|shutdown|reset|force_reset|delete_*|delete|purge_queue|purge|forget_cluster_node|clear_*"),
    program("kafka-topics kafka-configs kafka-acls").valued("--bootstrap-server --topic --zookeeper").reads("--list|--describe").destroys("--delete|--remove"),
    program("kafka-consumer-groups").valued("--bootstrap-server --group --topic").reads("--list|--describe").destroys("--delete|--delete-offsets, --reset-offsets --execute"),
    program("kafka-delete-records kafka-server-stop zookeeper-server-stop").destroys("$ !--help, *"),
    program("nats rpk pulsar-admin kcat").reads("* ls|list|info|describe").destroys(".. rm|delete|purge|unload|terminate|del"),
    program("curator curator_cli").dry("--dry-run").destroys(".. delete_*|delete-*|close|restore"),
    program("elasticsearch-node elasticsearch-keystore opensearch-node").destroys("detach-cluster|unsafe-bootstrap|remove|repurpose"),
    program("neo4j-admin neo4j").reads("status, database info").destroys("stop, database load|restore|migrate, load, restore, server unbind"),
    program("ceph rados rbd").reads("status|health|df|osd tree|ls|info, -s").destroys(".. rm|purge|destroy|delete|remove|out|down, rm, snap rollback"),
    program("minio s3cmd s5cmd").reads("ls, du, stat, info").dry("--dry-run|-n").destroys("rm|rb|del|mv, mirror|sync --remove|--delete|--delete-removed, ilm rm, admin .. remove|stop"),
    program("mc").reads("ls, du, stat, admin info").dry("--dry-run|--fake").destroys("rm|rb|mv, mirror --remove, ilm rm, admin .. remove|stop").keyboard("$"),
    program("rclone").dry("--dry-run|-n").reads("ls|lsd|lsl|lsf|size|check|listremotes").destroys("delete|deletefile|purge|sync|rmdirs|cleanup"),
    program("memcached-tool").destroys("flush_all, * flush_all"),
];

#[rustfmt::skip] // a table
pub(in super::super) const MIGRATIONS: &[Program] = &[
    program("prisma").destroys("migrate reset, db push --accept-data-loss|--force-reset").keyboard("studio").by(clients::loose, SENT),
    program("drizzle-kit").destroys("drop, push --force").keyboard("studio"),
    program("alembic").valued("-c --config -n --name -x").reads("current|history|heads|branches|show").destroys("downgrade"),
    program("flask quart").valued("-A --app -e --env-file").destroys("db|migrate downgrade, .. drop*|reset*|delete*|purge*|wipe*|flush*").keyboard("shell, .. shell"),
    program("aerich").reads("history|heads").destroys("downgrade"),
    program("yoyo").destroys("rollback|reapply"),
    program("piccolo").destroys("migrations backwards").keyboard("shell run, playground run"),
    program("rails rake spring")
        .destroys("db:drop*|db:reset*|db:rollback*|db:purge*|db:truncate_all|db:schema:load*|db:structure:load*|db:seed:replant|db:migrate:down*|db:migrate:redo*|db:migrate:reset|*:destroy*|*:delete*|*:drop*|*:purge*|*:reset*|*:wipe*|*:rollback*|*:restore*, destroy")
        .keyboard("c|console|db|dbconsole|credentials:edit|secrets:edit|encrypted:edit").by(names::project, PROJECT),
    program("hanami lucky loco").destroys("db drop|rollback|reset|downgrade|down, db.drop|db.reset|db.rollback").keyboard("console"),
    program("artisan")
        .destroys("migrate:fresh|migrate:reset|migrate:rollback|migrate:refresh|db:wipe|down|queue:flush|queue:clear|horizon:terminate|horizon:clear|model:prune|tenants:migrate-fresh|tenants:rollback|backup:clean|telescope:clear|schema:drop|*:destroy*|*:delete*|*:purge*|*:wipe*|*:restore*|*:truncate*|*:reset*")
        .keyboard("tinker !--execute, db").by(names::project, PROJECT),
    program("sail").destroys("down|stop").keyboard("tinker|shell|root-shell|mysql|psql|redis"),
    program("manage django-admin")
        .destroys("flush|reset_db|sqlreset|remove_stale_contenttypes|drop_*|delete_*|purge_*|wipe_*|reset_*|restore_*|truncate_*|dbrestore|mediarestore, migrate .. zero !--plan !--check, migrate * 0* !--plan !--check !--fake")
        .keyboard("shell !-c !--command, shell_plus !-c, dbshell, createsuperuser !--noinput !--no-input, changepassword").by(names::project, PROJECT),
    program("console")
        .destroys("doctrine:database:drop|d:d:d|doctrine:schema:drop|d:s:d|doctrine:fixtures:load|d:f:l, doctrine:schema:update --force|--complete, doctrine:migrations:migrate|d:m:m prev|first|0, doctrine:migrations:execute --down, doctrine:migrations:rollback|doctrine:mongodb:schema:drop|messenger:stop-workers|*:purge*|*:delete*|*:drop*|*:restore*")
        .keyboard("psysh").by(names::project, PROJECT),
    program("doctrine doctrine-migrations").destroys("orm:schema-tool:drop --force|--full-database, migrations:migrate|migrate prev|first|0, migrations:execute|execute --down").by(clients::loose, SENT),
    program("phinx phpmig").dry("--dry-run").destroys("rollback|down|redo"),
    program("yii craft").destroys("migrate/down|migrate/redo|migrate/fresh|migrate/to|db/restore|*/delete*|*/drop*|*/flush-schema").keyboard("shell"),
    program("wp").destroys("db reset|drop|clean|import, site empty|delete, * delete, maintenance-mode activate, search-replace !--dry-run").reads("core version, plugin list, db size").keyboard("shell, db cli").by(names::project, PROJECT),
    program("drush").destroys("sql:drop|sql-drop|site:install|si|sql:sync|pm:uninstall|entity:delete|archive:restore").keyboard("php:cli|php|sql:cli|sqlc").by(names::project, PROJECT),
    program("magento n98-magerun n98-magerun2").destroys("setup:rollback|setup:uninstall|db:drop|db:import|maintenance:enable").keyboard("dev:console|db:console"),
    program("flyway").valued("-url -user -password -locations").reads("info|validate").destroys("clean|undo, .. clean|undo"),
    program("liquibase").destroys(".. rollback|rollbackCount|rollbackToDate|dropAll|drop-all|rollback-count|rollback-to-date|undo*"),
    program("knex").destroys("migrate:rollback|migrate:down|migrate:unlock"),
    program("sequelize sequelize-cli").destroys("db:migrate:undo*|db:drop|db:seed:undo*"),
    program("typeorm typeorm-ts-node-commonjs typeorm-ts-node-esm").destroys("migration:revert|schema:drop|schema:sync").by(clients::loose, SENT),
    program("mikro-orm").destroys("migration:down|migration:fresh|schema:drop|schema:fresh"),
    program("payload").destroys("migrate:down|migrate:reset|migrate:fresh|migrate:refresh"),
    program("ace").destroys("migration:rollback|migration:fresh|migration:reset|migration:refresh|db:wipe|db:truncate").keyboard("repl"),
    program("db-migrate migrate-mongo node-pg-migrate umzug ley").destroys("down|reset|db:drop|redo|undo"),
    program("goose").destroys("down|down-to|reset|redo, .. down|down-to|reset|redo"),
    program("migrate golang-migrate migrate-cli").valued("-path -database -source").reads("version").destroys("down|drop|force, .. down|drop"),
    program("dbmate").valued("-u --url -d -e").destroys("down|drop|rollback"),
    program("diesel").destroys("migration revert|redo, database reset|drop"),
    program("sqlx").destroys("database|db drop|reset, migrate revert"),
    program("sea-orm-cli sea-orm").destroys("migrate down|fresh|refresh|reset"),
    program("atlas").valued("-u --url --env").dry("--dry-run").reads("migrate status, schema inspect|diff").destroys("schema apply --auto-approve, schema clean, migrate down|rm"),
    program("sqitch").reads("status|log|plan|verify").destroys("revert|rebase|checkout"),
    program("tern").destroys("migrate -d|--destination=-*"),
    program("soda buffalo pop").destroys("migrate down|reset, drop, reset, pop|db migrate down, pop|db drop|reset"),
    program("mix").deaf().destroys(".. ecto.rollback*|ecto.drop*|ecto.reset*, ash.reset|ash_postgres.rollback|ash_postgres.drop").by(names::project, PROJECT),
    program("dotnet-ef").valued("-p --project -s --startup-project -c --context --connection").destroys("database drop, migrations remove, database update *"),
    program("evolve grate roundhouse").destroys("erase, --drop"),
    program("hasura").valued("--endpoint --admin-secret --project --database-name").destroys("migrate apply --down, migrate delete, metadata clear"),
    program("supabase").destroys("db reset, migration down, projects|branches|functions|secrets delete, secrets unset, storage rm, stop").keyboard("login !--token").by(clients::loose, SENT),
    program("turso neonctl pscale").reads("* list|show").destroys(".. destroy|delete|rm, branches restore|reset").keyboard("db shell * $, shell, connect-string").by(clients::loose, SENT),
    program("iex irb pry ipython bpython ghci jshell psysh groovysh utop evcxr").keyboard("!-c !-e !--eval !--version"),
    program("python python2 python3 pypy pypy3").keyboard("$ !-c !-m !-V !--version !--help, -i").by(clients::loose, "code that drops or deletes"),
    program("node nodejs ruby lua php julia R erl scala swipl ocaml perl")
        .keyboard("$ !-c !-e !-m !-p !-r !-V !-v !--version !--eval !--print !-S !-i !--help !-f !--slave, $ -i, $ -a, repl").by(clients::loose, "code that drops or deletes"),
];
