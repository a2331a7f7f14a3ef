//! Tables of checks: which column has what is looked at, the command, and what is to be seen.
//!
//! Headers are worded in many ways. One that may head something else as well ("Result", "Output") counts only beside
//! a column of commands that change nothing, and with cells that can be checked.

use super::block::plain_command;
use super::comments;
use super::markdown::{Element, ElementKind};
use super::model::{CommandId, Expectation, Span};
use super::stages::are_stages;
use super::vocabulary::occasions::says_only;
use super::vocabulary::{Words, has};
use super::words::lower_words;
use crate::shell::{Effect, classify::is_known_program};

/// The columns of a table of checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// What is looked at.
    pub(super) name: usize,
    /// How.
    pub(super) command: Option<usize>,
    /// What is to be seen.
    pub(super) expected: Option<usize>,
    /// What must not be.
    pub(super) fails: Option<usize>,
    /// In which case the row is for.
    pub(super) case: Option<usize>,
    /// When it is done at all, beside what it is called.
    pub(super) when: Option<usize>,
    /// How it is taken back.
    pub(super) undo: Option<usize>,
}

#[rustfmt::skip] // words, many to a line
const CHECKS: Words = &[
    "check", "checks", "test", "tests", "verification", "validation", "verify", "smoke test", "probe", "prüfung", "prüfpunkt",
    "vérification", "contrôle", "verificación", "comprobación", "prueba", "verificação", "teste", "verifica", "controllo",
    "prova", "sprawdzenie", "weryfikacja", "проверка", "тест", "kontrol", "doğrulama", "kiểm tra", "controle", "verificatie",
    "检查", "檢查", "验证", "驗證", "测试", "測試", "確認", "チェック", "テスト", "検証", "확인", "검사", "점검", "테스트", "검증",
];
#[rustfmt::skip] // words, many to a line
const ITEMS: Words = &["item"];
#[rustfmt::skip] // words, many to a line
const NAMES: Words = &[
    "what", "name", "item", "component", "service", "was", "quoi", "qué", "o que", "cosa", "co", "что", "ne", "wat", "gì", "nom",
    "nombre", "nome", "nazwa", "название", "ad", "tên", "naam", "项目", "項目", "名称", "名稱", "항목", "이름", "内容",
];
#[rustfmt::skip] // words, many to a line
const COMMANDS: Words = &[
    "command", "commands", "run", "how", "how to", "cmd", "query", "befehl", "kommando", "wie", "commande", "comment", "comando",
    "orden", "cómo", "como", "come", "polecenie", "komenda", "jak", "команда", "как", "komut", "nasıl", "lệnh", "cách", "opdracht",
    "commando", "hoe", "命令", "指令", "如何", "コマンド", "方法", "명령", "명령어", "방법",
];
/// What is done in a row.
#[rustfmt::skip] // words, many to a line
const ACTIONS: Words = &[
    "action", "activity", "task", "description", "aktion", "tätigkeit", "aufgabe", "beschreibung", "tâche", "activité", "description", "acción", "tarea", "actividad", "descripción", "ação", "tarefa", "atividade", "descrição", "azione", "attività", "descrizione", "działanie", "czynność", "zadanie", "opis",
    "действие", "задача", "операция", "описание", "дія", "завдання", "опис", "işlem", "eylem", "görev", "hành động", "công việc", "mô tả", "tindakan", "tugas", "deskripsi", "actie", "taak", "操作", "动作", "任务", "说明", "作業", "内容", "작업", "설명",
];
/// When a row is done, or by whom: a table with that is a plan.
#[rustfmt::skip] // words, many to a line
const PLANNED: Words = &[
    "time", "start", "start time", "t+", "when due", "owner", "responsible", "who", "assignee", "assigned to", "duration", "eta", "zeit", "uhrzeit", "beginn", "dauer", "verantwortlich", "verantwortlicher", "wer", "heure", "responsable", "durée", "qui", "hora", "duración", "quién", "responsável", "duração", "quem",
    "ora", "orario", "responsabile", "durata", "chi", "czas", "godzina", "odpowiedzialny", "kto", "время", "ответственный", "кто", "длительность", "час", "відповідальний", "хто", "saat", "sorumlu", "süre", "thời gian", "người phụ trách", "waktu", "penanggung jawab", "tijd", "verantwoordelijke", "时间", "負責人", "负责人", "耗时", "時刻", "時間", "担当", "担当者", "시간", "담당", "담당자",
];
/// In which case a row is for.
#[rustfmt::skip] // words, many to a line
const CASES: Words = &[
    "trigger", "condition", "when", "if", "scenario", "case", "situation", "auslöser", "bedingung", "wenn", "fall", "szenario", "déclencheur", "condition", "quand", "scénario", "cas", "disparador", "condición", "cuándo", "escenario", "caso", "gatilho", "condição", "quando", "cenário", "condizione", "scenario",
    "warunek", "kiedy", "scenariusz", "условие", "когда", "сценарий", "триггер", "умова", "коли", "koşul", "senaryo", "điều kiện", "khi nào", "kondisi", "skenario", "voorwaarde", "wanneer", "触发条件", "条件", "场景", "情况", "トリガー", "条件", "ケース", "조건", "상황",
];
/// When a row is done at all, in a column of its own.
#[rustfmt::skip] // words, many to a line
const WHENS: Words = &[
    "when", "condition", "only if", "if", "applies to", "wann", "bedingung", "quand", "condition", "cuándo", "condición", "quando", "condição", "condizione", "kiedy", "warunek", "когда", "условие", "коли", "умова", "ne zaman", "koşul", "khi nào", "wanneer", "条件", "何时", "いつ", "조건",
];
/// How a row is taken back.
#[rustfmt::skip] // words, many to a line
const UNDOS: Words = &[
    "undo", "rollback", "roll back", "revert", "back out", "backout", "how to undo", "rückweg", "rückgängig", "zurück", "annulation", "retour arrière", "deshacer", "revertir", "reversión", "desfazer", "reverter", "annulla", "cofnięcie", "wycofanie", "откат", "відкат", "geri alma", "hoàn tác", "terugdraaien", "回滚", "回退", "ロールバック", "切り戻し", "戻し", "롤백", "원복",
];
#[rustfmt::skip] // words, many to a line
const STEPS: Words = &[
    "step", "steps", "étape", "paso", "passo", "etapa", "schritt", "krok", "шаг", "крок", "adım", "bước", "langkah", "stap", "steg", "passaggio", "步骤", "步驟", "手順", "ステップ", "단계",
];
#[rustfmt::skip] // words, many to a line
const EXPECTED: Words = &[
    "expected", "expectation", "expect", "you should get", "you should see", "you get", "you see", "should be", "should see", "should return",
    "should show", "must be", "must return", "should", "pass criteria", "pass criterion", "pass condition", "acceptance",
    "success criteria", "acceptance criteria", "erwartet", "erwartung", "erwartetes ergebnis", "erwartete ausgabe", "soll", "sollte",
    "attendu", "résultat attendu", "attendue", "doit", "esperado", "esperada", "debe", "deve", "atteso", "attesa", "oczekiwane",
    "oczekiwany", "oczekiwany wynik", "spodziewane", "ожидается", "ожидание", "ожидаемый результат", "ожидаемо", "beklenen", "mong đợi",
    "kỳ vọng", "verwacht", "verwachte", "预期", "預期", "期望", "应为", "應為", "期待", "想定", "예상", "기대",
];
#[rustfmt::skip] // words, many to a line
const RESULTS: Words = &[
    "result", "results", "output", "good", "pass", "passes", "ok", "healthy", "normal", "success", "response", "returns", "shows",
    "answer", "ergebnis", "ausgabe", "gut", "résultat", "sortie", "bon", "resultado", "salida", "bueno", "saída", "risultato", "wynik",
    "результат", "вывод", "sonuç", "çıktı", "kết quả", "resultaat", "uitvoer", "goed", "结果", "結果", "输出", "輸出", "正常", "出力",
    "결과", "출력", "정상",
];
#[rustfmt::skip] // words, many to a line
const FAILS: Words = &[
    "fail", "fails", "failure", "failed", "bad", "unhealthy", "fehler", "schlecht", "échec", "fallo", "falla", "falha", "errore",
    "błąd", "ошибка", "hata", "lỗi", "fout", "失败", "失敗", "异常", "異常", "실패",
];
/// How long something is expected to take, which is nothing to be seen.
#[rustfmt::skip] // words, many to a line
const DURATIONS: Words = &[
    "expected duration", "expected time", "expected downtime", "expected runtime", "expected end", "expected start", "expected by", "duration", "erwartete dauer", "erwartete zeit", "dauer", "durée attendue", "durée prévue", "temps attendu", "durée", "duración esperada", "tiempo esperado", "duración", "duração esperada", "tempo esperado", "duração", "durata attesa", "tempo atteso", "durata",
    "oczekiwany czas", "czas trwania", "ожидаемое время", "ожидаемая длительность", "длительность", "очікуваний час", "тривалість", "beklenen süre", "süre", "thời gian dự kiến", "verwachte duur", "duur", "预期时间", "预期时长", "预期耗时", "預期時間", "耗时", "想定時間", "所要時間", "예상 시간", "예상 소요", "소요 시간",
];
/// What is filled in while it is done, and not expected.
const ACTUAL: Words =
    &["actual", "observed", "done", "ist", "réel", "real", "effettivo", "实际", "實際", "実際", "실제"];

/// Words of a heading whose section says what has to be so in the end.
#[rustfmt::skip] // words, many to a line
const VERIFIES: Words = &[
    "verification", "verify", "verifying", "validation", "validate", "smoke test", "smoke tests", "sanity check", "sanity checks", "überprüfung",
    "verifizierung", "prüfung", "validierung", "vérification", "vérifications", "verificación", "comprobación", "comprobaciones", "verificação",
    "verifica", "verifiche", "weryfikacja", "sprawdzenie", "проверка", "верификация", "перевірка", "doğrulama", "kiểm tra", "xác minh", "verificatie",
    "verifikasi", "pemeriksaan", "验证", "驗證", "動作確認", "検証", "검증", "동작 확인", "abnahme", "abnahmetest", "abnahmetests", "recette", "acceptance test", "acceptance tests", "acceptance testing", "pruebas de aceptación", "testes de aceitação", "collaudo", "odbiór", "приёмка", "приемка", "приймання", "验收", "受入", "受け入れテスト", "인수 테스트",
];

/// Whether a heading says that its section verifies.
pub(super) fn verifies(title: &str) -> bool {
    has(title, VERIFIES)
}

/// Whether a table's columns are those of work: what is done or looked at, each in a row.
pub(super) fn is_of_work(header: &[String]) -> bool {
    #[rustfmt::skip] // words, many to a line
    const WORK: Words = &[
        "action", "actions", "task", "tasks", "activity", "activities", "check", "checks", "test", "tests", "item", "todo", "to do", "aktion", "aufgabe", "aufgaben", "tätigkeit", "maßnahme", "prüfung", "prüfpunkt", "étape", "tâche", "vérification",
        "acción", "tarea", "comprobación", "ação", "tarefa", "verificação", "azione", "attività", "verifica", "działanie", "zadanie", "действие", "задача", "проверка", "işlem", "görev", "actie", "taak", "hành động", "công việc", "tindakan", "tugas",
        "操作", "动作", "任务", "检查项", "检查内容", "作業", "作業内容", "確認項目", "手順", "작업", "점검 항목", "확인 항목",
    ];
    header.iter().any(|cell| has(cell, WORK) || has(cell, STEPS))
}

/// The column of commands, by its title.
pub(super) fn command_column(header: &[String]) -> Option<usize> {
    header.iter().position(|cell| has(cell, COMMANDS))
}

/// The columns of a table, where it is one of checks.
pub(super) fn columns(header: &[String], rows: &[(usize, Vec<String>)]) -> Option<Columns> {
    let find = |words: Words, taken: &[Option<usize>]| {
        let free = |at: usize| !taken.contains(&Some(at));
        let seen = |cell: &str| !has(cell, ACTUAL) && !has(cell, DURATIONS);
        header.iter().enumerate().position(|(at, cell)| free(at) && has(cell, words) && seen(cell))
    };
    let strong = find(EXPECTED, &[]);
    let undo = find(UNDOS, &[strong]);
    let does_so =
        || header.iter().position(|cell| matches!(cell.trim().to_lowercase().as_str(), "do" | "what to do"));
    let command = find(COMMANDS, &[strong, undo]).or_else(does_so);
    // The only column of commands is what is done, whatever it is called.
    let undo = undo.filter(|_| command.is_some());
    let fails = find(FAILS, &[strong, command]);
    let weak = find(RESULTS, &[strong, command, fails]).filter(|_| strong.is_none());
    let when = find(WHENS, &[strong, command, fails, weak, undo]).filter(|at| *at > 0 && command.is_some());
    let taken = [strong.or(weak), command, fails, undo, when];
    let check = find(CHECKS, &taken).or_else(|| find(ITEMS, &taken));
    let steps = find(STEPS, &taken);
    let case = find(CASES, &taken).filter(|at| *at == 0 && check.is_none());
    // "# | Time | Action | Owner | Command": who does it when is no name of what is done.
    let planned = |at: &usize| header.get(*at).is_some_and(|cell| has(cell, PLANNED) || cell.trim() == "#");
    let plan = command.is_some() && (0..header.len()).any(|at| !taken.contains(&Some(at)) && planned(&at));
    let acts = find(ACTIONS, &taken).filter(|_| plan || steps.is_some() || case.is_some());
    // "Step | Action": the number of a row is no name of it.
    let named = |at: &usize| {
        let cells = rows.iter().filter_map(|(_, row)| row.get(*at));
        !cells.into_iter().all(|cell| !cell.chars().any(char::is_alphabetic))
    };
    let free = |at: &usize| !taken.contains(&Some(*at));
    let other = |at: &usize| free(at) && named(at) && !planned(at) && Some(*at) != case;
    let action = steps.or(case).or(plan.then_some(0)).and_then(|_| (0..header.len()).find(other));
    let name = check
        .or_else(|| steps.filter(|at| named(at)))
        .or(acts)
        .or(action)
        .or_else(|| find(NAMES, &taken))
        .or_else(|| (0..header.len()).filter(free).find(|at| named(at) && !planned(at)))
        .or(command)
        .or_else(|| (0..header.len()).filter(free).find(named))
        .or_else(|| (0..header.len()).find(free))?;
    let found = Columns { name, command, expected: strong.or(weak), fails, case, when, undo };
    let reads = || command.is_some_and(|command| only_reads(rows, command));
    let does = command.is_some_and(|at| {
        rows.iter().any(|(_, row)| self::command(&Columns { name: at, ..found }, row).is_some())
    });
    let environments =
        command.is_some() && are_stages(rows.iter().filter_map(|(_, row)| row.get(name)).map(String::as_str));
    let is_one = if command.is_some() && (steps.is_some() || environments || (plan || case.is_some()) && does)
    {
        true
    } else if strong.is_some() || weak.is_some() && fails.is_some() {
        // "Signal | Expected after the deployment" is one whatever the first column is called.
        let called = strong.and_then(|at| header.get(at)).is_some_and(|cell| is_called_expected(cell));
        check.is_some() || command.is_some() || called && header.len() > 1
    } else if weak.is_some() {
        reads() && tells(rows, found.expected)
    } else {
        find(CHECKS, &taken).is_some() && reads()
    };
    is_one.then_some(found)
}

/// Whether a column's title begins with that what stands in it is expected.
fn is_called_expected(cell: &str) -> bool {
    #[rustfmt::skip] // beginnings of words, many to a line
    const EXPECTED: &[&str] = &["expect", "erwart", "attendu", "esperad", "attes", "oczekiw", "ожида", "очікув", "beklenen", "verwacht", "预期", "期望", "期待", "예상", "기대"];
    let first = lower_words(cell).into_iter().next().unwrap_or_default();
    EXPECTED.iter().any(|word| first.starts_with(word))
}

/// Whether a table is one of checks with a command among them.
pub(super) fn has_commands(element: &Element) -> bool {
    let ElementKind::Table { header, rows } = &element.kind else { return false };
    let Some(columns) = columns(header, rows) else { return false };
    rows.iter().any(|(_, row)| command(&columns, row).is_some())
}

/// The command of a row.
pub(super) fn command(columns: &Columns, row: &[String]) -> Option<String> {
    let cell = |at: usize| row.get(at).map_or("", |c| c.trim());
    let told = columns.command.map(cell).filter(|c| !c.is_empty());
    told.and_then(only_code).or_else(|| code_span(told.unwrap_or_else(|| cell(columns.name)))).or_else(|| {
        let bare = told.filter(|text| !text.contains('`'))?;
        let program = bare.split_whitespace().next().is_some_and(is_known_program);
        (program && comments::looks_like_command(bare)).then(|| bare.to_owned())
    })
}

/// What the cell of a command says besides it: "After 24 h: `./switch.sh`".
pub(super) fn besides(columns: &Columns, row: &[String], command: &str) -> Option<String> {
    let cell = row.get(columns.command?)?;
    let rest = cell.replacen(command, "", 1);
    let rest = rest.replace('`', " ");
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '（' | '）'));
    rest.chars().any(char::is_alphanumeric).then(|| rest.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What takes a row back, as it is run.
pub(super) fn undo(columns: &Columns, row: &[String]) -> Option<String> {
    let cell = row.get(columns.undo?)?.trim();
    only_code(cell).or_else(|| code_span(cell))
}

/// In which case a row is done, where it is not done always.
pub(super) fn when<'r>(columns: &Columns, row: &'r [String]) -> Option<&'r str> {
    let cell = row.get(columns.when?)?.trim();
    (comments::condition(cell).is_some() || says_only(cell)).then_some(cell)
}

/// What a row says is to be seen; nothing where that is still to be filled in.
pub(super) fn expected<'r>(columns: &Columns, row: &'r [String]) -> Option<&'r str> {
    let cell = columns.expected.and_then(|at| row.get(at)).map(|cell| cell.trim())?;
    let said = cell.chars().any(char::is_alphanumeric) && !matches!(cell, "[ ]" | "[x]" | "[X]");
    // "0", "✓" and `{}` say something as well.
    (said || cell.contains(['`', '{', '[']))
        .then_some(cell)
        .filter(|cell| !matches!(*cell, "[ ]" | "[x]" | "[X]"))
}

/// Whether there are commands in a column, and none of them changes anything.
fn only_reads(rows: &[(usize, Vec<String>)], at: usize) -> bool {
    let columns = Columns {
        name: at,
        command: Some(at),
        expected: None,
        fails: None,
        case: None,
        when: None,
        undo: None,
    };
    let mut commands = rows.iter().filter_map(|(_, row)| command(&columns, row)).peekable();
    let reads =
        |text: String| plain_command(CommandId::default(), &text, Span::default()).effect == Effect::Reads;
    commands.peek().is_some() && commands.all(reads)
}

/// Whether most cells of a column can be checked, or all of it is still to be filled in.
fn tells(rows: &[(usize, Vec<String>)], at: Option<usize>) -> bool {
    let columns =
        Columns { name: 0, command: None, expected: at, fails: None, case: None, when: None, undo: None };
    let cells: Vec<&str> = rows.iter().filter_map(|(_, row)| expected(&columns, row)).collect();
    let checked = |cell: &&&str| {
        let read = Expectation::under(0, cell);
        let words = lower_words(cell).len();
        read.check.is_some() && read.left.is_none() && words <= 6
    };
    cells.iter().filter(checked).count() * 2 >= cells.len()
}

/// The text of a cell of a column of commands that is one code span and nothing else.
fn only_code(cell: &str) -> Option<String> {
    let inner = cell.strip_prefix('`')?.strip_suffix('`')?.trim();
    (!inner.is_empty() && !inner.contains('`')).then(|| inner.to_owned())
}

/// The text of a cell that has only one code span with a command.
fn code_span(text: &str) -> Option<String> {
    let mut spans = text.split('`').skip(1).step_by(2);
    let program = |text: &str| text.split_whitespace().count() == 1 && is_known_program(text);
    let first =
        spans.next().filter(|s| comments::looks_like_command(s) || s.starts_with("./") || program(s))?;
    spans.next().is_none().then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(header: &str, row: &str) -> (Vec<String>, Vec<(usize, Vec<String>)>) {
        let cells = |line: &str| line.split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
        (cells(header), vec![(1, cells(row))])
    }

    fn read(header: &str, row: &str) -> Option<(Option<String>, Option<String>)> {
        let (header, rows) = table(header, row);
        let columns = columns(&header, &rows)?;
        Some((command(&columns, &rows[0].1), expected(&columns, &rows[0].1).map(str::to_owned)))
    }

    #[test]
    fn headers_in_many_wordings() {
        for header in [
            "Check | Command | Expected",
            "Test | Command | Expected result",
            "What | Command | You should get",
            "Check | How | Expected",
            "Name | Command | Result",
            "Test | Command | Should be",
            "Check | Run | Good",
            "Was | Befehl | Erwartet",
            "Vérification | Commande | Attendu",
            "Comprobación | Comando | Esperado",
            "O que | Comando | Esperado",
            "Controllo | Comando | Atteso",
            "Sprawdzenie | Polecenie | Oczekiwane",
            "Проверка | Команда | Ожидается",
            "Kontrol | Komut | Beklenen",
            "Kiểm tra | Lệnh | Kết quả mong đợi",
            "Controle | Opdracht | Verwacht",
            "检查项 | 命令 | 预期",
            "檢查 | 指令 | 預期結果",
            "確認項目 | コマンド | 期待結果",
            "점검 | 명령어 | 예상 결과",
        ] {
            let wanted = Some((Some("curl -s http://h/health".into()), Some("`ok`".into())));
            assert_eq!(read(header, "Health | `curl -s http://h/health` | `ok`"), wanted, "{header}");
        }
        let passes = read("Verification | Pass | Fail", "`curl -s http://h` | `ok` | anything else");
        assert_eq!(passes, Some((Some("curl -s http://h".into()), Some("`ok`".into()))));
        assert_eq!(
            read("Check | Expected | Actual", "Pages load | yes | "),
            Some((None, Some("yes".into())))
        );
        let filled = read("Test | Command | Result", "Health | `curl -s http://h` | [ ]");
        assert_eq!(filled, Some((Some("curl -s http://h".into()), None)));
    }

    #[test]
    fn tables_of_other_things() {
        for (header, row) in [
            ("Command | Result", "`make build` | builds the image"),
            ("Command | Description", "`kubectl get pods` | lists pods"),
            ("Task | Command | Result", "Clean | `rm -rf /srv/x` | `ok`"),
            (
                "Name | Command | Output",
                "Pods | `kubectl get pods` | a list with one line for each of the pods",
            ),
            ("Variable | Default | Example", "PORT | 80 | `8080`"),
            ("Service | Port | Health", "web | 80 | /health"),
            ("Environment | URL", "prod | https://h"),
        ] {
            assert_eq!(read(header, row), None, "{header}");
        }
    }
}
