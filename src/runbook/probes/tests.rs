use super::*;
use crate::runbook::read;

fn of(document: &str, environment: Option<&str>) -> Vec<Probe> {
    let book = read(document);
    let environment = environment.and_then(|e| book.environment(e)).cloned();
    probes(&book, environment.as_ref(), false)
}

const SHOP: &str = "# Shop\n\n## Environments\n\n| Environment | URL | Database Port | API Port |\n|---|---|---|---|\n| Live | https://shop.test | 5432 | 8080 |\n| Local | http://localhost:9090 | 5533 | 9090 |\n\n## Steps\n\n### Step 1: Look\n\n```bash\ncd /srv/shop\ndf -h\ndocker compose ps\ndocker compose stop api worker\npg_dump -h db -U shop -d orders > \"/backups/$F\"\nexport PGPASSWORD=\"$DB_PASSWORD\"\ncurl http://localhost:8080/health\n# Expected: {\"status\":\"ok\"}\ncurl -s http://localhost:6333/collections\ntime curl -X POST http://localhost:8080/search -H 'Content-Type: application/json' -d '{\"q\":1}'\n# Should complete in < 2 seconds\n```\n";

#[test]
fn a_document_says_what_can_be_watched_and_where_it_says_so() {
    let probes = of(SHOP, Some("Live"));
    let ids: Vec<&str> = probes.iter().map(|p| p.id.0.as_str()).collect();
    assert_eq!(ids, ["host", "docker", "postgres", "http.1", "http.2", "latency"]);
    let by = |id: &str| probes.iter().find(|p| p.id.0 == id).unwrap();
    assert!(matches!(&by("host").source, Source::Host(host) if host.paths == ["/", "/srv/shop", "/backups"]));
    assert!(matches!(&by("docker").source, Source::Docker(docker) if docker.services == ["api", "worker"]));
    let Source::Postgres(database) = &by("postgres").source else { panic!() };
    assert_eq!((database.host.as_deref(), database.port), (Some("db"), Some(5432)));
    assert_eq!(database.password.as_deref(), Some("DB_PASSWORD"));
    let Source::Http(health) = &by("http.1").source else { panic!() };
    assert_eq!(health.json, Some(serde_json::json!({"status": "ok"})));
    assert!(matches!(&by("http.2").source, Source::Http(own) if own.url == "https://shop.test/health"));
    assert_eq!(by("http.1").line, 21);
}

#[test]
fn what_costs_the_service_something_is_off_until_it_is_chosen() {
    let latency = of(SHOP, Some("Live")).pop().unwrap();
    assert!(!latency.on && latency.line == 24);
    assert_eq!(latency.cost.as_deref(), Some("one POST /search every 30 s"));
}

#[test]
fn ports_are_those_of_the_environment() {
    let probes = of(SHOP, Some("Local"));
    let ports: Vec<&str> = probes.iter().map(|p| p.title.as_str()).collect();
    assert!(ports.contains(&"postgres db:5533") && ports.contains(&"localhost:9090/health"), "{ports:?}");
    // Its own address is that of the health check already.
    assert!(!probes.iter().any(|p| p.id.0 == "http.2"));
}

#[test]
fn what_holds_a_credential_or_a_hole_is_no_probe() {
    let text = "# T\n## Steps\n```bash\ncurl -u a:b http://x.test/health\ncurl http://$HOST/health\ncurl http://u:p@x.test/health\npsql postgres://u:p@db/x -c 'select 1'\npsql -h $H -c 'select 1'\n```\n";
    let ids: Vec<String> = of(text, None).into_iter().map(|p| p.id.0).collect();
    assert_eq!(ids, ["host"]);
}

#[test]
fn queries_to_track_are_single_statements_that_read() {
    let text = "# T\n## Steps\n```bash\npsql -h db -d x -c 'select 1'\n```\n## Post-Deployment Monitoring\n### First Day\n**Check once per hour:**\n- [ ] fine\n\n```sql\n-- how many\nSELECT count(*)\nFROM a;\n\nDELETE FROM b;\nSELECT 2;\n```\n";
    let probes = of(text, None);
    let queries: Vec<(&str, usize)> =
        probes.iter().filter(|p| p.source.kind() == "sql").map(|p| (p.title.as_str(), p.line)).collect();
    assert_eq!(queries, [("how many", 13), ("SELECT 2", 17)]);
    assert!(probes.iter().filter(|p| p.source.kind() == "sql").all(|p| p.every_s == 3600));
}

#[test]
fn what_a_release_changes_is_no_health() {
    let text = "# T\n## Steps\n### Step 1: Before\n```bash\ncurl http://x.test/health\n# Expected: {\"status\":\"ok\",\"build\":\"a\",\"version\":\"1.1.0\"}\ngit checkout v1.2.0\n```\n### Step 2: After\n```bash\ndocker tag a:latest a:v1.2.0\ncurl http://x.test/health\n# Expected: {\"status\":\"ok\",\"build\":\"b\",\"version\":\"1.2.0\"}\n```\n";
    let probes = of(text, None);
    let json = probes.iter().find_map(|p| match &p.source {
        Source::Http(request) => request.json.clone(),
        _ => None,
    });
    assert_eq!(json, Some(serde_json::json!({"status": "ok"})));
}

#[test]
fn what_is_named_for_sure_is_a_subject_wherever_it_is_named() {
    let text = "# T\n## Steps\n```bash\ndf -h /tmp/build\nls /tmp/other\ndocker ps --filter name=web --filter 'name=^/worker$' -f status=running\ndocker inspect cache\n\
        systemctl status api nginx.service\nsystemctl --user restart agent\njournalctl -u jobs --since today\nnc -zv -w 3 db 5432\nredis-cli -h store -p 6380 ping\nredis-cli -a secret ping\n```\n";
    let probes = of(text, None);
    let by = |id: &str| {
        &probes.iter().find(|p| p.id.0 == id).unwrap_or_else(|| panic!("{id}: {probes:#?}")).source
    };
    assert!(
        matches!(by("host"), Source::Host(host) if host.paths == ["/", "/tmp/build"]),
        "{:?}",
        by("host")
    );
    let Source::Docker(docker) = by("docker") else { panic!() };
    assert_eq!(docker.containers, ["web", "worker", "cache"]);
    let Source::Systemd(units) = by("systemd") else { panic!() };
    assert_eq!(units.units, ["api.service", "nginx.service", "jobs.service"]);
    assert!(matches!(by("systemd.user"), Source::Systemd(own) if own.units == ["agent.service"]));
    assert!(matches!(by("tcp.1"), Source::Tcp(port) if (port.host.as_str(), port.port) == ("db", 5432)));
    assert!(
        matches!(by("redis"), Source::Redis(redis) if (redis.host.as_str(), redis.port) == ("store", 6380))
    );
}

#[test]
fn expressions_of_tables_fences_and_curl_are_offered_and_off() {
    let text = "# T\n## Steps\n```bash\n./deploy\n```\n## Monitoring\n```bash\ncurl -s 'http://prom:9090/api/v1/query?query=up%7Bjob%3D%22web%22%7D'\n```\n\
        ```promql\n# errors\nsum(rate(errors_total[5m]))\n```\n\n| Metric | Query | Alert |\n|---|---|---|\n| Queue depth | `sum(queue_length)` | > 100 |\n";
    let probes = of(text, None);
    let asked: Vec<(&str, &str, bool)> = probes
        .iter()
        .filter_map(|p| match &p.source {
            Source::Prometheus(asked) => Some((asked.url.as_str(), asked.query.as_str(), p.on)),
            _ => None,
        })
        .collect();
    let at = "http://prom:9090";
    let wanted = [
        (at, "up{job=\"web\"}", false),
        (at, "sum(queue_length)", false),
        (at, "sum(rate(errors_total[5m]))", false),
    ];
    assert_eq!(asked, wanted);
}

#[test]
fn a_script_of_the_project_is_no_program_of_the_system() {
    let text = "# T\n## Steps\n```bash\n./service stop web\nbin/redis-cli ping\n/usr/sbin/service api restart\n```\n";
    let units = of(text, None).into_iter().find_map(|p| match p.source {
        Source::Systemd(systemd) => Some(systemd.units),
        _ => None,
    });
    assert_eq!(units.unwrap_or_default(), ["api.service"]);
    assert!(!of(text, None).iter().any(|p| matches!(p.source, Source::Redis(_))));
}
