use super::*;

fn names(script: &str) -> Vec<String> {
    holes(script).into_iter().map(|h| h.name).collect()
}

#[test]
fn placeholders_and_what_only_looks_like_them() {
    assert_eq!(names("redis-cli -a <password> ping"), ["password"]);
    assert_eq!(names("git checkout <VERSION>"), ["VERSION"]);
    assert_eq!(names("curl https://YOUR_DOMAIN/x"), ["YOUR_DOMAIN"]);
    assert_eq!(names("curl http://h/projects/PROJECT/x"), ["PROJECT"]);
    assert_eq!(
        names("deploy <staging|production> <user@host> <0-15>"),
        ["staging|production", "user@host", "0-15"]
    );
    assert_eq!(names("kubectl logs [POD_NAME]; rm -rf /srv/releases/[release]"), ["POD_NAME", "release"]);
    assert_eq!(names("helm upgrade app --version {{VERSION}} --tag vX.Y.Z"), ["VERSION", "vX.Y.Z"]);
    assert_eq!(names("tool <...> --key …"), [ELLIPSIS, ELLIPSIS]);
    for plain in [
        "sort < a.txt > b.txt",
        "cat <in.txt|sort>out.txt",
        "grep -E '[A-Z_]+' log",
        "ls /var/log/[a-z]*",
        "docker ps --format '{{.Names}}'",
        "[ -f x ] && echo {1..3} {a,b}",
        "diff <(a) <(b)",
    ] {
        assert_eq!(names(plain), [""; 0], "{plain}");
    }
    assert_eq!(names("createdb -O OWNER NAME"), ["NAME"]);
    assert_eq!(names("echo 'DROP DATABASE NAME' | psql"), ["NAME"]);
    assert_eq!(names("psql -c 'DROP DATABASE NAME'; echo 'is NAME gone'"), ["NAME", "NAME"]);
    assert_eq!(names("printf 'NAME STATUS'\nkubectl get -o custom-columns=NAME:.metadata.name"), [""; 0]);
    assert_eq!(names("curl http://h/project_NAME_dataset_NAME"), ["NAME", "NAME"]);
    assert_eq!(names("git tag v{VERSION}"), ["VERSION"]);
    assert_eq!(names("deploy [new-version]"), ["new-version"]);
    assert_eq!(names("export KEY=..."), [ELLIPSIS]);
    assert_eq!(names("curl -d '{\"pages\":[...]}'"), [ELLIPSIS]);
    assert_eq!(names("pg_restore backup_YYYYMMDD_HHMMSS.sql"), ["YYYYMMDD_HHMMSS"]);
    assert_eq!(names("psql postgres://app:PASSWORD@db/x"), ["PASSWORD"]);
    assert_eq!(names("aws ec2 start subnet-xxxxx"), ["subnet-xxxxx"]);
    assert_eq!(names("docker pull 镜像名"), ["镜像名"]);
    assert_eq!(names("curl https://yourdomain.com"), ["YOURDOMAIN"]);
    for none in [
        "cmd < in > out",
        "echo {a,b} ${X} {1..3}",
        "awk '{print $1}' f",
        "curl -w '%{http_code}' x",
        "docker ps --format '{{.Names}}'",
        "grep '[ERROR]' log",
        "git stash@{upstream}",
        "go test ./...",
        "git diff a...b",
        "find . -exec rm {} +",
        "ls  # CHANGEME",
        "date +%Y%m%d",
        "echo 你好",
        "grep -E \"PASSWORD|USER\" .env",
        "[ -f your ] && ls",
        "cat <<EOF\nx\nEOF",
        "diff <(a) <(b)",
        "echo '<b>x</b>'",
        "echo PONG",
        "ping6 [::]",
        "A=$NAME",
        "cat <in >out",
    ] {
        assert!(names(none).is_empty(), "{none}: {:?}", names(none));
    }
}

#[test]
fn a_placeholder_may_be_written_in_many_ways() {
    for (text, found) in [
        ("kubectl set image deploy/api api=hub/api:{{ image_tag }}", vec!["image_tag"]),
        ("helm upgrade shop ./chart -f {{ values_file }} --set tag={{tag}}", vec!["values_file", "tag"]),
        ("docker pull shop:{{ .Values.image.tag }}", vec!["Values.image.tag"]),
        ("curl -H \"Authorization: Bearer ${{ secrets.API_TOKEN }}\" h", vec!["secrets.API_TOKEN"]),
        ("kubectl apply -f {{- manifest -}} {{{ raw }}}", vec!["manifest", "raw"]),
        ("ssh %USER%@%HOST%", vec!["USER", "HOST"]),
        ("tar xf app-__BUILD_ID__.tgz @@PREFIX@@ @PREFIX@", vec!["BUILD_ID", "PREFIX", "PREFIX"]),
        ("git checkout <%= branch %> {% branch %}", vec!["branch", "branch"]),
        ("ssh «хост» ‹user› 【主机】 ＜主机＞", vec!["хост", "user", "主机", "主机"]),
        ("ssh &lt;host&gt; \\<host\\> <host...>", vec!["host", "host", "host..."]),
        ("git checkout [[ branch ]]; kubectl logs [pod]", vec!["branch", "pod"]),
        (
            "curl http://h/{id}/{order_id} {Pod Name} {pod name}",
            vec!["id", "order_id", "Pod Name", "pod name"],
        ),
        (
            "docker push x:$(VERSION) $(Build.BuildId) $(params.image)",
            vec!["VERSION", "Build.BuildId", "params.image"],
        ),
        ("docker pull app:2.4.X app:1.x.x app:vX.Y", vec!["2.4.X", "1.x.x", "vX.Y"]),
        ("ssh root@10.1.2.X x.x.x.x 192.168.1.xxx", vec!["10.1.2.X", "x.x.x.x", "192.168.1.xxx"]),
        ("dpkg -i app_X.Y.Z_amd64.deb app-1.X.X.tar.gz", vec!["X.Y.Z", "1.X.X"]),
        ("git revert HEAD~N; kubectl scale x --replicas=N", vec!["N", "N"]),
        (
            "mysql -p CHANGE_ME; export T=replace-me K=token-goes-here",
            vec!["CHANGE_ME", "replace-me", "token-goes-here"],
        ),
        ("git checkout TBD; git checkout ________", vec!["TBD", "____"]),
        ("curl -H \"Authorization: Bearer TOKEN\" https://API_HOST/x", vec!["TOKEN", "API_HOST"]),
        ("docker build --tag TAG .; scp f ops@HOST:/srv", vec!["TAG", "HOST"]),
        ("psql postgres://user:password@host:5432/db", vec!["user", "password", "host", "db"]),
        ("curl http://localhost:PORT/orders/:id", vec!["PORT", "id"]),
        (
            "git clone https://github.com/YOUR-ORG/x; ping your.domain.com",
            vec!["YOUR_ORG", "your.domain.com"],
        ),
        ("cast call 0x... -k sk-... --id abc…", vec!["0x...", "sk-...", "abc…"]),
        ("pg_restore dump-yyyymmdd.sql DD-MM-YYYY.sql", vec!["yyyymmdd", "DD-MM-YYYY"]),
        ("git checkout версия संस्करण ვერსია", vec!["версия", "संस्करण", "ვერსია"]),
        ("ssh المستخدم@host שם@host", vec!["المستخدم", "שם"]),
        ("git checkout (version)", vec!["version"]),
    ] {
        assert_eq!(names(text), found, "{text}");
        assert!(holes_and_doubts(text).1.is_empty(), "{text}");
    }
}

#[test]
fn what_may_be_meant_as_it_stands_is_in_doubt() {
    for (text, found) in [
        ("docker pull shop:TAG", vec!["TAG"]),
        ("aws s3 cp backup-DATE.sql s3://b", vec!["DATE"]),
        ("git checkout release/2.x", vec!["2.x"]),
        ("git tag \"v(version)\"", vec!["version"]),
        ("cat > values.yaml <<EOF\nimage: {{ image }}\nEOF", vec!["image"]),
    ] {
        let doubts: Vec<String> = holes_and_doubts(text).1.into_iter().map(|h| h.name).collect();
        assert_eq!(doubts, found, "{text}");
        assert_eq!(names(text), [""; 0], "{text}");
    }
    // One that is certain asks already.
    assert!(holes_and_doubts("docker pull <registry>/shop:TAG").1.is_empty());
}

#[test]
fn words_for_a_reader_hold_only_what_is_written_as_a_placeholder() {
    let names = |text: &str| explicit(text).into_iter().map(|h| h.name).collect::<Vec<_>>();
    assert_eq!(names("将 Compose 清单切回 <标签> 和 {{ tag }}"), ["标签", "tag"]);
    for prose in [
        "在源码目录拉取目标版本代码",
        "Ask your-team about NAME… X.Y.Z",
        "ذكّر الفريق",
        "line<br>two",
        "TODO",
        "see <https://host/x> or <ops@host>",
    ] {
        assert_eq!(names(prose), [""; 0], "{prose}");
    }
}

#[test]
fn words_that_say_here_in_small_letters_and_changeme_with_more_behind_it() {
    for (text, found) in [
        ("tool init --password clave_segura_aqui", "clave_segura_aqui"),
        ("tool init --password mot_de_passe_ici", "mot_de_passe_ici"),
        ("tool init --password passwort_hier", "passwort_hier"),
        ("export A=ChangeMe_Secure123", "ChangeMe_Secure123"),
        ("export A=ChangeMe123", "ChangeMe123"),
        ("export URL=\"postgresql://app:ChangeMe_Secure1@db:5432/app\"", "ChangeMe_Secure1"),
    ] {
        assert_eq!(names(text), [found], "{text}");
    }
}

#[test]
fn columns_of_a_listing_are_none() {
    for text in [
        "lsblk -l -o SIZE,NAME,TYPE",
        "lsblk -o NAME",
        "lsblk --output NAME,SIZE",
        "findmnt -o NAME",
        "nmcli -f NAME,UUID connection",
    ] {
        assert_eq!(names(text), [""; 0], "{text}");
    }
    assert_eq!(names("gcc -o NAME"), ["NAME"]);
}

#[test]
fn a_value_is_called_by_the_variable_that_it_is_given_to() {
    assert_eq!(names("export RELEASE=<value>\nexport SYSTEM=\"<value>\"\n"), ["RELEASE", "SYSTEM"]);
    assert_eq!(names("RELEASE=<release>"), ["release"]);
    assert_eq!(names("tool set <value>"), ["value"]);
}
