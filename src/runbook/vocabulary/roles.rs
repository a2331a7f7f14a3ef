//! What a heading's words say that its section is for, in the languages that runbooks are written in.
//!
//! `word*` stands for all words that begin so, `*word*` for all that have it in them.

use super::super::model::Role;
use super::terms::Terms;

/// The words of one role.
pub(super) struct RoleWords {
    /// What a section with such a heading is for.
    pub(super) role: Role,
    /// Its words and phrases.
    pub(super) words: &'static [&'static str],
}

/// All tables, the strongest first: the first that has a word in a heading decides.
pub(super) const ROLES: &[RoleWords] = &[
    RoleWords { role: Role::Contacts, words: CONTACTS },
    RoleWords { role: Role::Rollback, words: ROLLBACK },
    RoleWords { role: Role::Troubleshooting, words: TROUBLE },
    RoleWords { role: Role::Recovery, words: RECOVERY },
    RoleWords { role: Role::Teardown, words: TEARDOWN },
    RoleWords { role: Role::LogTemplate, words: LOG },
    RoleWords { role: Role::References, words: REFERENCES },
    RoleWords { role: Role::Checklist, words: CHECKLIST },
    RoleWords { role: Role::Monitoring, words: MONITORING },
    RoleWords { role: Role::Success, words: SUCCESS },
    RoleWords { role: Role::Targets, words: TARGETS },
    RoleWords { role: Role::Steps, words: STEPS },
    RoleWords { role: Role::Overview, words: OVERVIEW },
];

#[rustfmt::skip] // words, many to a line
const ROLLBACK: &[&str] = &[
    "rollback*", "roll back", "rolling back", "rolled back", "revert", "reverting", "backout", "back out",
    "backing out", "back this out", "back it out", "undo", "undoing", "fallback", "fall back", "abort", "aborting", "downgrade", "downgrading", "going back",
    "go back", "way back", "plan b", "restore the previous version", "restore previous version",
    "return to the previous version", "if it goes wrong", "if things go wrong", "if something goes wrong",
    "when it goes wrong", "when things go wrong", "if anything goes wrong", "retour arriere",
    "retour en arriere", "revenir en arriere", "annulation", "annuler le deploiement", "marcha atras", "volver atras", "volver a una version anterior", "volver a la version anterior", "regresar a la version anterior", "regresar a una version anterior", "revenir a une version anterieure", "revenir a la version precedente", "zu einer fruheren version", "zur vorherigen version", "voltar para a versao", "tornare alla versione precedente",
    "revertir*", "reversion*", "deshacer", "reversao", "reverter*", "desfazer", "voltar a versao",
    "zuruckroll*", "zuruckrollen", "ruckabwicklung", "ruckfall*", "zuruck zur vorversion", "ruckkehr zur", "ruckgangig*",
    "ripristino*", "tornare indietro", "annullamento", "wycofa*", "cofni*", "cofanie", "przywrocenie poprzedniej",
    "откат*", "возврат к предыдущ*", "відкат*", "geri al*", "geri don*", "hoan tac", "quay lui", "khoi phuc phien ban",
    "terugdraai*", "terugrol*", "aterstall foregaende", "vrati* zpet", "navrat k predchozi", "visszaallit*", "kembalikan versi",
    "回滚", "回退", "撤销发布", "ロールバック", "切り戻し", "戻し手順", "ruckweg", "abbruch*", "vuelta atras", "plan de retorno", "plan de retour", "plan de repli", "plano de retorno", "piano di rientro", "план возврата", "terugval*", "atergang*", "回切", "切回", "切戻", "복귀 절차", "롤백", "되돌리기", "되돌리", "원복", "التراجع", "रोलबैक", "ย้อนกลับ",
];
#[rustfmt::skip] // words, many to a line
const TROUBLE: &[&str] = &[
    "troubleshoot*", "trouble shooting", "common issues", "common problems", "common errors", "common failures",
    "known issues", "known problems", "emergency", "emergencies", "incident", "incidents", "disaster", "disaster recovery",
    "outage", "outages", "failures", "awaria", "异常处理", "failure scenarios", "if deployment fails",
    "if the deployment fails", "deployment fails", "depannage", "problemes courants", "solucion de problemas",
    "problemas comunes", "solucao de problemas", "resolucao de problemas", "problemas comuns", "fehlerbehebung",
    "fehlersuche", "storfall*", "notfall*", "haufige fehler", "haufige probleme", "risoluzione dei problemi", "problemi comuni",
    "rozwiazywanie problemow", "najczestsze problemy", "устранение неполадок", "устранение проблем", "частые проблемы", "аварийн*",
    "усунення несправностей", "sorun giderme", "acil durum", "xu ly su co", "khac phuc su co", "probleemoplossing",
    "felsokning", "reseni problemu", "hibaelharitas", "pemecahan masalah", "storung", "storungen", "storungs*", "bekannte probleme",
    "bekannte fehler", "wenn etwas nicht funktioniert", "en cas de probleme", "en cas de problemes", "en cas d erreur", "problemes connus", "problemes frequents",
    "erreurs frequentes", "si algo falla", "problemas conocidos", "errores comunes", "errores frecuentes", "se algo falhar", "problemas conhecidos",
    "erros comuns", "se qualcosa non funziona", "problemi noti", "errori comuni", "znane problemy", "typowe problemy", "czeste problemy", "mozliwe problemy",
    "возможные проблемы", "типичные проблемы", "типовые проблемы", "распространенные проблемы", "известные проблемы", "решение проблем",
    "можливі проблеми", "поширені проблеми", "вирішення проблем", "усунення проблем", "sorun cozme", "olasi sorunlar", "sik karsilasilan sorunlar",
    "su co thuong gap", "loi thuong gap", "xu ly loi", "veelvoorkomende problemen", "bekende problemen", "masalah umum", "kendala umum",
    "mengatasi masalah", "penanganan masalah", "if something fails", "if anything fails", "typical problems", "possible problems", "known errors",
    "故障排查", "故障排除", "故障处理", "故障恢复", "常见问题", "问题排查", "应急", "トラブルシューティング", "障害対応", "緊急対応", "문제 해결", "트러블슈팅",
    "장애 대응", "장애 조치", "일반적인 문제", "자주 발생하는 문제", "자주 발생하는 오류", "문제 발생 시", "よくある問題", "よくあるエラー", "困ったときは", "常见错误",
];
/// Reads old data back over what is there.
#[rustfmt::skip] // words, many to a line
const RECOVERY: &[&str] = &[
    "restore", "restores", "restoring", "restoration", "recover", "recovers", "recovering", "recovery",
    "point in time recovery", "pitr", "restaur*", "recuperar*", "recuperacion", "recuperacao", "recuperation",
    "wiederherstell*", "*wiederherstellung*", "rucksicherung", "ruckspielen", "einspielen des backups", "ripristinare", "recupero",
    "przywr*", "odtwarzanie", "odtworz*", "odzyskiwanie", "восстанов*", "відновлен*", "geri yukle*", "kurtarma", "khoi phuc",
    "phuc hoi", "herstel*", "terugzetten", "aterstall*", "obnov*", "helyreallit*", "pemulihan",
    "恢复", "还原", "复旧", "復旧", "復元", "リストア", "リカバリ", "복구", "복원", "استعادة", "पुनर्स्थापना", "กู้คืน",
];
/// Takes away what runs or what is kept.
#[rustfmt::skip] // words, many to a line
const TEARDOWN: &[&str] = &[
    "teardown*", "tear down", "tearing down", "destroy", "destroying", "destruction", "uninstall*", "un install",
    "decommission*", "de provision", "deprovision*", "reset", "resetting", "factory reset", "hard reset", "wipe", "wiping",
    "nuke", "clean up", "cleanup", "cleaning up", "clean everything", "delete everything",
    "start over", "starting over", "sunset*",
    "abbau*", "deinstall*", "zurucksetz*", "aufraum*", "bereinig*", "*bereinigung*", "stilllegung", "ausserbetriebnahme", 
    "desinstall*", "demontage", "reinitialis*", "nettoyage", "desinstal*", "destruir", "destruccion", "desmantel*",
    "desmontar", "limpieza", "limpiar", "restablecer", "limpeza", "destruicao",
    "desativacao", "redefinir", "disinstall*", "pulizia", "distrugg*", "dismissione", "odinstalow*", 
    "czyszczenie", "sprzatanie", "zerowanie", "очистк*", "сброс*", "деинсталл*", "демонтаж", "очищення",
    "kaldir*", "temizl*", "temizle", "sifirla*", "go cai dat", "go bo", "don dep", "dat lai", "huy moi truong", "thu hoi",
    "opruim*", "opschonen", "avinstaller*", "rensa", "stadning", "odinstal*", "vycist*", "eltavolit*",
    "pembersihan", "卸载", "清理", "销毁", "重置", "下线", "拆除", "アンインストール", "クリーンアップ", "後片付け",
    "撤去", "リセット", "破棄", "초기화", "철거", "हटाना", "ถอนการติดตั้ง", 
];
#[rustfmt::skip] // words, many to a line
const CONTACTS: &[&str] = &[
    "contact", "contacts", "escalation", "escalations", "ansprechpartner", "kontakte", "contactos", "contatos",
    "contatti", "kontakty", "контакты", "iletisim", "lien he", "contactpersonen", "联系人", "联系方式", "连络先", "連絡先", "연락처",
];
#[rustfmt::skip] // words, many to a line
const CHECKLIST: &[&str] = &[
    "checklist", "checklists", "prerequisite", "prerequisites", "precondition", "preconditions", "pre conditions", "pre requisites", "pre requisite", "preflight", "pre flight", "requirements",
    "before you begin", "before you start", "before starting", "what you need", "prerequis", "pre requis", "liste de controle", "avant de commencer",
    "requisitos", "requisitos previos", "antes de empezar", "antes de comenzar", "lista de verificacion", "lista de comprobacion", "pre requisitos", "prerrequisitos",
    "lista de verificacao", "antes de comecar", "voraussetzung*", "vorbedingungen", "checkliste*", "prufliste", "bevor sie beginnen", "prerequisiti",
    "lista di controllo", "wymagania", "wymagania wstepne", "lista kontrolna", "требования", "предварительные требования", "чек лист", "чеклист", "контрольный список",
    "вимоги", "on kosullar", "gereksinimler", "kontrol listesi", "dieu kien tien quyet", "yeu cau", "danh sach kiem tra", "vereisten",
    "controlelijst", "forutsattningar", "pozadavky", "prasyarat",
    "检查清单", "前置条件", "前提条件", "准备工作", "检查项", "チェックリスト", "事前準備", "체크리스트", "사전 준비", "사전 요구", "전제 조건",
];
#[rustfmt::skip] // words, many to a line
const MONITORING: &[&str] = &[
    "monitoring", "monitor", "observability", "surveillance", "supervision", "monitoreo", "monitorizacion",
    "monitoramento", "uberwach*", "monitoraggio", "monitorowanie", "мониторинг", "моніторинг", "izleme", "giam sat", "monitorering",
    "监控", "监视", "監視", "모니터링",
];
#[rustfmt::skip] // words, many to a line
const SUCCESS: &[&str] = &[
    "exit criteria", "exit criterion", "done criteria", "success", "success criteria", "acceptance criteria", "definition of done", "criteres de succes",
    "criterios de exito", "criterios de sucesso", "erfolgskriterien", "abnahmekriterien", "criteri di successo", "kryteria sukcesu",
    "критерии успеха", "basari kriterleri", "tieu chi thanh cong", "성공 기준",
    "成功标准", "验收标准", "成功基准", "criterio de aceite", "criterios de aceite", "criterio de aceitacao", "criterios de aceitacao",
    "criterio de aceptacion", "criterios de aceptacion", "critere d acceptation", "criteres d acceptation", "abnahmekriterium", "akzeptanzkriterien",
    "criteri di accettazione", "criterio di accettazione", "kryteria akceptacji", "kryteria odbioru", "критерии приемки", "критерии приёмки",
    "критерії приймання", "kabul kriterleri", "tieu chi nghiem thu", "acceptatiecriteria", "kriteria penerimaan", "受け入れ基準", "受入基準", "受入条件",
    "인수 기준", "인수 조건", "acceptance criterion",
];
const TARGETS: &[&str] = &["targets", "thresholds", "slo", "slos", "sla", "slas", "阈值"];
#[rustfmt::skip] // words, many to a line
const REFERENCES: &[&str] = &[
    "references", "related documentation", "related docs", "related documents", "see also", "further reading",
    "related", "links", "additional resources", "referencias", "referenzen", "referenties", "weiterfuhrend*",
    "riferimenti", "odnosniki", "ссылки", "kaynaklar", "tham khao", "tai lieu lien quan", "参考", "相关文档", "关联文档", "配套文档", "参考資料", "関連ドキュメント", "관련 문서", "참고",
];
#[rustfmt::skip] // words, many to a line
const LOG: &[&str] = &[
    "log template", "deployment log", "deployment record", "deployment log template", "sign off", "signoff",
    "sign offs", "approvals", "journal de deploiement", "registro de despliegue", "registro de implantacao",
    "签字", "签核", "部署记录", "배포 기록",
];
#[rustfmt::skip] // words, many to a line
const STEPS: &[&str] = &[
    "steps", "procedure", "procedures", "instructions", "walkthrough", "deployment process", "step by step",
    "deployment workflow", "release process", "release flow", "etapes", "pasos", "procedimiento", "passos",
    "procedimento", "schritte", "schritt fur schritt", "ablauf", "vorgehen", "passaggi", "procedura", "kroki", "procedura wdrozenia", "przebieg",
    "шаги", "порядок", "инструкция", "кроки", "adimlar", "adimlari", "cac buoc", "quy trinh", "stappen", "stappenplan", "steg", "kroky", "postup", "lepesek", "langkah",
    "步骤", "部署流程", "发布流程", "操作流程", "上线流程", "手顺", "手順", "단계", "절차",
];
#[rustfmt::skip] // words, many to a line
const OVERVIEW: &[&str] = &[
    "overview", "introduction", "summary", "purpose", "scope", "background", "architecture", "apercu", "presentation",
    "resumen", "introduccion", "visao geral", "introducao", "uberblick", "einfuhrung", "einleitung", "panoramica", "introduzione",
    "wprowadzenie", "przeglad", "обзор", "введение", "огляд", "genel bakis", "giris", "tong quan", "gioi thieu", "overzicht", "inleiding",
    "概述", "简介", "概要", "はじめに", "개요", "소개",
];
/// What is done in a deployment, where it is the whole of a heading.
#[rustfmt::skip] // words, many to a line
pub(super) static WHOLE_STEPS: Terms = Terms::of(&[
    "deployment", "deploy", "deploying", "rollout", "roll out", "cutover", "go live", "release", "releasing", "upgrade", "upgrading", "update", "deploiement", "mise en production",
    "mise a jour", "despliegue", "puesta en produccion", "actualizacion", "implantacao", "implementacao", "atualizacao", "bereitstellung", "auslieferung", "ausrollen",
    "inbetriebnahme", "rilascio", "distribuzione", "aggiornamento", "wdrozenie", "aktualizacja", "развертывание", "деплой", "выкладка", "обновление", "релиз",
    "розгортання", "dagitim", "yayinlama", "guncelleme", "trien khai", "cap nhat", "uitrol", "driftsattning", "nasazeni", "telepites", "penerapan",
    "部署", "发布", "上线", "升级", "배포", "업그레이드", "デプロイ", "リリース", "アップグレード",
]);
/// The same, where in a longer heading it says nothing: "Execution", "Durchführung".
#[rustfmt::skip] // words, many to a line
pub(super) static WHOLE_EXECUTION: Terms = Terms::of(&[
    "execution", "implementation", "implementation plan", "execution plan", "durchfuhrung", "ausfuhrung", "umsetzung", "deroulement", "realisation", "ejecucion", "implementacion", "execucao", "esecuzione", "wykonanie", "realizacja", "выполнение", "выполнение работ", "проведение работ", "ход работ", "виконання", "виконання робіт",
    "thuc hien", "uitvoering", "genomforande", "provedeni", "pelaksanaan", "执行", "执行操作", "实施", "实施方案", "実施", "実施内容", "作業内容", "実行", "실행", "시행", "작업 내용",
]);
/// Goes with a deployment wherever it stands: made sure of before, looked at after.
#[rustfmt::skip] // words, many to a line
pub(super) static AROUND: Terms = Terms::of(&[
    "backup", "backups", "back up", "backing up", "snapshot", "verify", "verifying", "verification", "validate", "validation", "smoke", "smoke test",
    "smoke tests", "smoketest", "sanity check", "sanity checks", "health check", "health checks", "healthcheck", "post deployment", "post deploy", "postdeployment", "after deployment",
    "after the deployment", "after deploying", "after the update", "after the upgrade", "after updating", "after upgrading", "post update", "post upgrade", "nach dem update", "nach der aktualisierung", "apres la mise a jour", "despues de la actualizacion", "apos a atualizacao", "dopo l aggiornamento", "po aktualizacji", "после обновления", "після оновлення", "guncelleme sonrasi", "sau khi cap nhat", "pre deployment", "pre deploy", "predeployment", "before deployment", "before the deployment", "migration", "migrations",
    "database migration", "migrate", "run migrations", "maintenance mode", "cutover", "go live",
    "sauvegard*", "verification*", "prufungen", "kontrolle*", "pruebas", "testes", "controlli", "kontroller", "校验", "controle*", "tests de fumee", "apres le deploiement", "avant le deploiement", "migration*", "copia de seguridad", "copias de seguridad", "respaldo",
    "verificac*", "verificar", "comprobacion*", "comprobar", "validac*", "despues del despliegue", "antes del despliegue", "migracion*", "pruebas de humo", "copia de seguranca", "apos a implantacao", "migrac*",
    "sicher*", "datensicherung", "*sicherung", "uberpruf*", "prufung", "prufen", "verifiz*", "validier*", "rauchtest*", "nach der bereitstellung", "nach dem deployment", "vor dem deployment", "datenmigration",
    "verifica", "verifiche", "controlli", "convalida", "backup dei dati", "migrazion*", "kopia zapasowa", "weryfikac*", "sprawdz*", "walidac*", "migracj*", "po wdrozeniu", "przed wdrozeniem",
    "резервн*", "бэкап", "бекап", "провер*", "верификац*", "валидац*", "миграц*", "после развертывания", "перевірк*", "резервне", "yedek*", "yedekleme", "dogrula*", "kontrol", "gecis", "tasima",
    "sao luu", "kiem tra", "xac minh", "xac nhan", "di chuyen du lieu", "sau khi trien khai", "verificatie", "controle", "verifier*", "kontroll", "sakerhetskopi*", "zaloha", "overeni", "kontrola", "biztonsagi mentes", "ellenorz*", "verifikasi", "cadangan",
    "备份", "验证", "验收", "冒烟", "健康检查", "检验", "核验", "迁移", "上线后", "部署后", "部署前", "上线前", "バックアップ", "確認", "检证", "検証", "動作確認", "疎通", "移行", "マイグレーション",
    "백업", "검증", "확인", "점검", "마이그레이션", "배포 후", "배포 전", "스모크", "abnahme*", "nacharbeit*", "nachbereitung", "recette", "apres l operation", "apres l intervention", "despues de la operacion", "作業後", "実施後", "リリース後", "デプロイ後", "更新後", "发布后", "升级后", "更新后", "작업 후", "업데이트 후",
]);
/// What makes a deployment beside deploying: acts that follow one another in many a runbook.
#[rustfmt::skip] // words, many to a line
pub(in crate::runbook) static PARTS: Terms = Terms::of(&[
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
]);
/// Setting something up for the first time.
#[rustfmt::skip] // words, many to a line
pub(in crate::runbook) static FIRST: Terms = Terms::of(&[
    "install*", "setup", "set up", "initial*", "first", "bootstrap*", "quick start", "quickstart", "getting started", "einricht*", "ersteinricht*", "erstes", "erste", "erst*", "instal*", "premiere", "primera", "primeira",
    "prima", "pierwsz*", "установ*", "перв*", "встанов*", "перш*", "kurulum*", "ilk", "cai dat", "lan dau", "instalasi", "pertama", "安装", "初始", "首次", "设置", "インストール", "セットアップ", "初期", "初回", "설치", "초기", "최초", "처음",
]);
/// Putting a newer version where one runs already.
#[rustfmt::skip] // words, many to a line
pub(in crate::runbook) static NEWER: Terms = Terms::of(&[
    "update*", "updating", "upgrad*", "redeploy*", "re deploy", "new version", "newer version", "mise a jour", "mises a jour", "actualiz*", "atualiz*", "aggiorn*", "aktualis*", "aktualiz*", "обновл*", "обнови*",
    "оновл*", "guncelle*", "cap nhat", "pembaruan", "memperbarui", "update", "更新", "升级", "アップデート", "アップグレード", "업데이트", "업그레이드",
]);
