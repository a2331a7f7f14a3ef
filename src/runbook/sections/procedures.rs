//! Whether the sections that were chosen are one procedure, in their order, or a manual with one procedure each.
//!
//! A runbook for one deployment and a manual of operations have the same shape: headings with commands under them. What
//! numbers and words don't tell is asked, once for all of them.

use super::super::doubt::Doubt;
use super::super::model::Role;
use super::super::vocabulary::{self, DEPLOYS, has, has_folded};
use super::super::words::{numbered, step_word, timed};
use super::Section;

/// What makes a deployment beside deploying: acts that follow one another in many a runbook.
#[rustfmt::skip] // words, many to a line
const PARTS: &[&str] = &[
    "build*", "compil*", "config*", "prepar*", "dependenc*", "database*", "db", "environment*", "start*", "stop*", "restart*", "pull*", "clone*", "download*", "checkout", "check out",
    "push*", "copy*", "transfer*", "run*", "launch*", "switch*", "drain*", "merge*", "tag*", "enable*", "notify*", "announc*", "finish*", "finaliz*", "connect*", "ssh", "permission*",
    "konfig*", "vorbereit*", "abhangigk*", "datenbank*", "umgebung*", "stopp*", "neustart*", "anhalten", "herunterladen", "kopier*", "bauen", "abschluss", "verbind*",
    "compilation", "demarr*", "arret*", "telecharg*", "dependances", "base de donnees", "environnement*", "lancement", "lancer", "connexion", "connecter", "finalis*", "construire",
    "compil*", "arran*", "iniciar", "inicio", "detener", "reinici*", "descarg*", "dependencias", "base de datos", "entorno", "conexion", "conectar", "ejecutar", "construir",
    "banco de dados", "ambiente", "parar", "baixar", "conectar", "conexao", "executar", "avvi*", "arrest*", "scaric*", "dipendenze", "connession*", "esegui*",
    "budow*", "przygotow*", "zaleznosci", "baza danych", "baze danych", "bazy danych", "srodowisk*", "uruchom*", "zatrzym*", "pobier*", "pobran*",
    "сборк*", "собрать", "настро*", "подготов*", "зависимост*", "баз* данных", "баз*", "окружен*", "запус*", "останов*", "перезапус*", "скача*", "клонир*", "подключ*",
    "збірк*", "налаштув*", "підготов*", "залежност*", "середовищ*", "перезапуск*", "завантаж*", "підключ*",
    "derle*", "yapiland*", "hazirl*", "bagimlilik*", "veritabani", "ortam", "baslat*", "durdur*", "indir*", "baglan*", "cau hinh", "chuan bi", "phu thuoc", "co so du lieu", "moi truong", "khoi dong",
    "chay", "tai ma", "ket noi", "konfigurasi", "persiapan", "dependensi", "basis data", "lingkungan", "jalankan", "menjalankan", "unduh",
    "配置", "构建", "编译", "准备", "依赖", "数据库", "环境", "启动", "停止", "重启", "拉取", "克隆", "下载", "上传", "运行", "执行", "连接", "推送", "设定",
    "設定", "ビルド", "準備", "依存", "データベース", "環境", "起動", "停止", "再起動", "ダウンロード", "接続", "実行",
    "설정", "빌드", "준비", "의존", "데이터베이스", "환경", "시작", "중지", "재시작", "다운로드", "접속", "연결", "실행",
];
/// Setting something up for the first time.
#[rustfmt::skip] // words, many to a line
const FIRST: &[&str] = &[
    "install*", "setup", "set up", "initial*", "first", "bootstrap*", "quick start", "quickstart", "getting started", "einricht*", "ersteinricht*", "erstes", "erste", "erst*", "instal*", "premiere", "primera", "primeira",
    "prima", "pierwsz*", "установ*", "перв*", "встанов*", "перш*", "kurulum*", "ilk", "cai dat", "lan dau", "instalasi", "pertama", "安装", "初始", "首次", "设置", "インストール", "セットアップ", "初期", "初回", "설치", "초기", "최초", "처음",
];
/// Putting a newer version where one runs already.
#[rustfmt::skip] // words, many to a line
const NEWER: &[&str] = &[
    "update*", "updating", "upgrad*", "redeploy*", "re deploy", "new version", "newer version", "mise a jour", "mises a jour", "actualiz*", "atualiz*", "aggiorn*", "aktualis*", "aktualiz*", "обновл*", "обнови*",
    "оновл*", "guncelle*", "cap nhat", "pembaruan", "memperbarui", "update", "更新", "升级", "アップデート", "アップグレード", "업데이트", "업그레이드",
];

/// How the steps of a document were found, where several sections of it are some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Sections are called steps.
    Named,
    /// Their headings are numbered or timed.
    Numbered,
    /// They hold commands, and nothing says what else they are for.
    Held,
}

/// Asks whether the steps are one procedure, where nothing says so.
pub(super) fn doubt(root: &mut Section<'_>, found: Found) {
    let mut titles = Vec::new();
    each_step(root, &mut |section| titles.push(Top::of(section)));
    let others = titles.iter().filter(|top| !top.counted && !top.named).count();
    match found {
        Found::Held if titles.len() == 1 && others == 1 => doubt_left_over(root, &titles),
        Found::Held if !is_one(&titles) => mark(root, &|_| true),
        Found::Numbered if chapters(root) && !is_one(&titles) => mark(root, &|top| !top.step),
        Found::Numbered | Found::Named if titles.iter().any(|top| !top.newer) => doubt_newer(root),
        _ => {}
    }
}

/// What a heading says of the section under it.
#[derive(Clone, Copy)]
struct Top {
    /// It is counted: "Step 2", "3.".
    counted: bool,
    /// It is counted as a step.
    step: bool,
    /// It is called steps.
    named: bool,
    /// It is of what makes a deployment.
    known: bool,
    /// It is a deployment by itself.
    whole: bool,
    first: bool,
    newer: bool,
    settled: bool,
}

impl Top {
    fn of(section: &Section<'_>) -> Self {
        let title = section.title.as_str();
        let counted = numbered(title).is_some() || timed(title);
        let around = vocabulary::around(title).is_some();
        let (first, newer) = (has_folded(title, FIRST), has_folded(title, NEWER));
        let whole = !around && (vocabulary::is_deployment(title) || first || newer);
        let known = around || whole || has(title, DEPLOYS) || has_folded(title, PARTS);
        let named = vocabulary::role(title) == Role::Steps && !vocabulary::is_whole_step(title);
        Self {
            counted,
            step: step_word(title) || timed(title),
            named,
            known,
            whole,
            first,
            newer,
            settled: section.settled,
        }
    }
}

/// Whether sections that follow one another are evidently one procedure: each is of what makes a deployment, and not
/// two of them are one by themselves.
fn is_one(tops: &[Top]) -> bool {
    let open: Vec<&Top> = tops.iter().filter(|top| !top.settled && !top.step).collect();
    let whole = open.iter().filter(|top| top.whole).count();
    let (first, newer) = (open.iter().any(|top| top.first), open.iter().any(|top| top.newer && !top.first));
    tops.len() < 2 || open.len() < 2 || open.iter().all(|top| top.known) && whole < 2 && !(first && newer)
}

/// Whether numbers count the chapters of a manual: a chapter among them only tells, or is for another day.
fn chapters(parent: &Section<'_>) -> bool {
    let tells = |role: Role| {
        matches!(
            role,
            Role::Overview
                | Role::Monitoring
                | Role::Troubleshooting
                | Role::References
                | Role::Contacts
                | Role::Recovery
                | Role::Teardown
        )
    };
    let counted = |s: &&Section<'_>| numbered(&s.title).is_some() && !step_word(&s.title);
    let siblings: Vec<&Section<'_>> = parent.children.iter().filter(counted).collect();
    let steps = siblings.iter().filter(|s| s.role == Role::Steps).count();
    steps >= 2 && siblings.iter().any(|s| tells(s.role))
        || parent.children.iter().filter(|c| c.role != Role::Steps).any(chapters)
}

/// Calls for each outermost section of steps, in the document's order.
fn each_step<'s>(parent: &'s Section<'_>, call: &mut dyn FnMut(&'s Section<'_>)) {
    for child in &parent.children {
        if child.role == Role::Steps {
            call(child);
        } else {
            each_step(child, call);
        }
    }
}

fn mark(parent: &mut Section<'_>, wanted: &dyn Fn(&Top) -> bool) {
    for child in &mut parent.children {
        if child.role != Role::Steps {
            mark(child, wanted);
        } else if !child.settled && child.doubt.is_none() && wanted(&Top::of(child)) {
            child.doubt = Some(Doubt::Procedure);
        }
    }
}

/// The only section that is left when others with commands are for something else: nothing says that it is what the
/// document is for.
fn doubt_left_over(root: &mut Section<'_>, tops: &[Top]) {
    let others = any(root, &|s| s.role != Role::Steps && s.role != Role::Rollback && s.has_own_shell());
    if others && tops.iter().all(|top| !top.known && !top.settled) {
        each_mut(root, &|section| section.doubt = section.doubt.or(Some(Doubt::Step)));
    }
}

/// Putting a newer version in place, behind numbered steps of something else.
fn doubt_newer(parent: &mut Section<'_>) {
    each_mut(parent, &|section| {
        let top = Top::of(section);
        if top.newer && !top.counted && !top.named && !top.settled && section.level > 1 {
            section.doubt = section.doubt.or(Some(Doubt::Step));
        }
    });
}

fn each_mut(parent: &mut Section<'_>, change: &dyn Fn(&mut Section<'_>)) {
    for child in &mut parent.children {
        if child.role == Role::Steps { change(child) } else { each_mut(child, change) }
    }
}

fn any(section: &Section<'_>, wanted: &dyn Fn(&Section<'_>) -> bool) -> bool {
    wanted(section) || section.children.iter().any(|c| any(c, wanted))
}
