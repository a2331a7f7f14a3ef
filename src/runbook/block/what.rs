//! What a fence, or a line of one, is: commands, prompts with output, or something that is no command at all.

use super::super::comments;
use super::super::expect::openers;
use super::super::markdown::{Code, Element, ElementKind};
use super::super::parameters::{holes, mask};
use super::super::vocabulary::{Words, begins, ends, has};
use super::super::words::lower_words;
use super::begins::{begins_keyword, begins_known, begins_program, first_word};
use super::command::{Looks, assigns, filters, looks};
use super::drawn::is_drawn;
use super::lines::{
    begins_sql, is_cron, is_cron_setting, is_env_line, is_logged, is_output, is_rule, opens_json,
};
use super::piece::{Piece, begins_command, piece};
use super::prompt_signs::{console, prompt};
use super::prompts::root_prompts;
use super::regions::split;
use crate::shell::classify::is_known_program;
use crate::shell::{self, Kind, PieceKind};

/// How a fence's text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Shell,
    Prompts,
    /// In a shell's fence, and no commands: what it is.
    Other(&'static str),
    NotShell,
}

/// What somebody has to write or enter; other things are only to be looked at.
pub(super) fn is_to_be_made(what: &str) -> bool {
    matches!(what, "env file" | "file" | "config" | "cron" | "sql" | "input")
}

/// Whether the words before a fence make it an expected output instead of commands.
///
/// A shell's fence that begins with a command is none, whatever stands before it.
pub fn shows_output(before: &str, code: &Code) -> bool {
    #[rustfmt::skip] // words, many to a line
    const LABELS: Words = &[
        "output", "outputs", "expected", "expected output", "expected result", "expected results",
        "expected response", "sample output", "example output", "typical output", "sample response",
        "example response", "response", "result", "sortie attendue", "résultat attendu", "erwartete ausgabe",
        "ausgabe", "sortie", "salida", "saída", "output atteso", "risultato atteso", "oczekiwany wynik", "вывод", "ожидаемый вывод",
        "вивід", "очікуваний вивід", "çıktı", "beklenen çıktı", "kết quả mong đợi", "verwachte uitvoer", "uitvoer", "keluaran",
        "beispielausgabe", "пример вывода", "приклад виводу", "salida de ejemplo", "ejemplo de salida", "przykładowe wyjście", "przykładowy wynik", "kết quả ví dụ", "출력 예시", "출력 예", "輸出範例", "返回结果", "返回示例", "exemple de sortie", "esempio di output", "exemplo de saída", "voorbeelduitvoer", "örnek çıktı", "contoh keluaran", "contoh output",
        "输出结果", "實際輸出", "出力結果", "출력 결과",
        "salida esperada", "resultado esperado", "saída esperada", "预期输出", "期望输出", "预期结果", "输出", "输出示例", "出力例",
        "예상 출력", "예상 결과", "출력",
    ];
    let label = before.lines().last().unwrap_or("");
    let label = label.rsplit(". ").next().unwrap_or(label);
    let label = label
        .split_once('(')
        .map_or(label, |(head, _)| head)
        .trim()
        .trim_end_matches([':', '：', '*', '.', ' ']);
    let short = lower_words(label).len() <= 5;
    let says = short && ends(label, LABELS)
        || begins(
            label,
            &[
                "expected output",
                "expected result",
                "the expected output",
                "the expected result",
                "the output is",
                "the output should be",
                "预期输出",
            ],
        );
    // "You should see:" leads to an output as well, where the fence does not say that it is something else.
    let leads = before.trim_end().ends_with([':', '：']) && comments::opens_expectation(label);
    let plain =
        matches!(code.language.as_str(), "" | "text" | "txt" | "plaintext" | "output" | "log" | "json");
    let says = says || leads && plain || openers::is_label(label);
    let is_shell = matches!(code.language.as_str(), "bash" | "sh" | "shell" | "zsh" | "console");
    let first = code.text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or("");
    let runs = comments::looks_like_command(first.trim_start_matches("$ "));
    says && !(is_shell && runs) && !(code.language.is_empty() && first.starts_with("$ "))
}

/// Whether a block of code holds commands, whatever stands before it.
pub fn holds_commands(code: &Code) -> bool {
    matches!(reading(code, ""), Reading::Shell | Reading::Prompts)
}

/// Tells what a fence is.
pub(super) fn reading(code: &Code, before: &str) -> Reading {
    let first = code.text.lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with('#'));
    let first_line = code.text.lines().find(|l| !l.trim().is_empty()).unwrap_or("");
    let shell = match code.language.as_str() {
        "bash" | "sh" | "shell" | "zsh" | "ksh" | "console" | "terminal" | "shell-session"
        | "shellsession" | "sh-session" | "powershell-session" => true,
        "" if code.fenced => {
            first.is_some_and(|l| {
                prompt(l, false).is_some()
                    || filters(l)
                    || comments::looks_like_command(l.trim_end_matches('\\').trim())
                    || begins_script(&code.text)
            }) || all_may_run(&code.text) && !is_shown_by(before) && !is_listing(&code.text)
        }
        // Indented text without a fence is a command where every line of it is one, or may well be.
        "" => {
            // What a backslash goes on with is no line of its own.
            let mut goes_on = false;
            let own = |l: &&str| !std::mem::replace(&mut goes_on, l.trim_end().ends_with('\\'));
            let lines = code.text.lines().filter(own).map(|l| l.trim().trim_end_matches('\\').trim_end());
            let lines = lines.filter(|l| !l.is_empty() && !l.starts_with('#'));
            let is_command = |l: &str| {
                let bare = l.strip_prefix("$ ").unwrap_or(l);
                let program = bare.split_whitespace().find(|w| *w != "sudo").unwrap_or("");
                let known = is_known_program(program) || program.starts_with(['/', '.']) || l != bare;
                // Nobody puts a prompt before what is no command: `$ reboot`.
                l != bare || known && comments::looks_like_command(bare) || may_run(bare)
            };
            let told: Vec<bool> = lines.map(is_command).collect();
            let most = told.iter().filter(|command| **command).count();
            // With a sentence between its commands it is read as a fence without a language is.
            let commands = most == told.len() || most > 1 && most * 2 >= told.len();
            told.first() == Some(&true) && commands && !is_shown_by(before) && !is_listing(&code.text)
        }
        _ => false,
    };
    if !shell {
        const DRAWINGS: &[&str] = &["mermaid", "plantuml", "puml", "dot", "graphviz", "d2", "ditaa", "ascii"];
        if DRAWINGS.contains(&code.language.as_str()) {
            return Reading::Other("output");
        }
        if is_drawn(code) {
            return Reading::Other("text");
        }
        let plain = matches!(code.language.as_str(), "" | "text" | "txt" | "plaintext" | "plain");
        let mut lines = code.text.lines().filter(|line| !line.trim().is_empty());
        let shown = matches!(code.language.as_str(), "output" | "log" | "logs")
            || plain
                && (code.fenced && (is_listing(&code.text) || lines.all(is_logged)) || is_shown_by(before));
        return if shown { Reading::Other("output") } else { Reading::NotShell };
    }
    let root = root_prompts(code);
    if code.text.lines().any(|l| l.starts_with("$ "))
        || prompt(first_line, root).is_some()
        || first.is_some_and(|l| prompt(l, false).is_some())
    {
        return Reading::Prompts;
    }
    if let Some(console) = first.and_then(console).filter(|_| !code.runs) {
        return Reading::Other(if console.sql { "sql" } else { "input" });
    }
    if first.is_some_and(|l| !begins_known(l)) && is_shown_by(before) && !code.runs {
        return Reading::Other("output");
    }
    if let Some(what) = no_commands(&code.text, before).filter(|_| !code.runs) {
        return Reading::Other(what);
    }
    Reading::Shell
}

/// Whether each line of a fence without a language may be a command of a program that nobody knows: `bundle install`,
/// `bin/rails db:migrate`. What may as well be words is done by hand, or text.
fn all_may_run(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).peekable();
    lines.peek().is_some() && lines.all(may_run)
}

/// Whether a line may be a command of a program that nobody knows, and hardly words.
fn may_run(line: &str) -> bool {
    let program = |word: &str| {
        let sign =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.' | '/');
        word.starts_with(|c: char| c.is_ascii_lowercase() || c == '/')
            && word.chars().all(sign)
            && !word.ends_with('.')
    };
    let words = line.split_whitespace().count();
    let told = piece(line, crate::shell::split::words_of(line).is_some());
    program(first_word(line))
        && !begins_keyword(line)
        && words > 1
        && !line.contains(": ")
        && told == Piece::Command
}

/// Whether a fence without a language begins with a command of several lines, as only a script has one: a loop, a
/// here-document, a quote.
fn begins_script(text: &str) -> bool {
    const OPENS: &[&str] = &["if", "for", "while", "until", "case"];
    let found = split(text, &mask(text, &holes(text)));
    let piece = found.pieces.iter().find(|piece| piece.kind != PieceKind::Comment);
    let Some(piece) = piece.filter(|p| p.kind == PieceKind::Command { parses: true }) else { return false };
    let command = text.get(piece.span.clone()).unwrap_or("");
    let first = first_word(command);
    let known = OPENS.contains(&first) || assigns(first) || !begins_keyword(command) && begins_known(command);
    command.contains('\n') && known && found.region(piece.span.start).is_none()
}

/// Whether the words before a fence say that it is what somebody sees.
pub(super) fn is_shown_by(before: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const SEES: Words = &[
        "you will see", "you ll see", "you should see", "you will then see", "you ll then see", "you may see", "you might see",
        "looks like this", "look like this", "looks like", "look like", "something like this", "similar to this",
        "this error", "the following error", "error message", "in the log", "in the logs", "output is", "the output",
        "sieht so aus", "so aussehen", "fehlermeldung", "ausgabe", "im log", "in den logs", "ressemble à", "vous verrez", "devriez voir",
        "l erreur suivante", "message d erreur", "se ve así", "verás", "el siguiente error", "mensaje de error", "debería ver",
        "parecido a", "ficará assim", "você verá", "mensagem de erro", "o seguinte erro", "vedrai", "vedrete", "messaggio di errore",
        "il seguente errore", "zobaczysz", "komunikat błędu", "вы увидите", "выглядит так", "ошибка вида", "следующую ошибку", "ви побачите",
        "göreceksiniz", "şu hata", "bạn sẽ thấy", "lỗi sau", "ziet er zo uit", "foutmelding", "akan terlihat", "pesan kesalahan",
        "会看到", "會看到", "如下所示", "输出如下", "輸出如下", "报错", "错误信息", "表示されます", "エラーが発生", "エラーメッセージ", "보입니다", "오류 메시지", "출력됩니다",
    ];
    #[rustfmt::skip] // words, many to a line
    const RUNS: Words = &[
        "run", "execute", "command", "commands", "enter", "type", "add", "put", "write", "edit", "create", "save", "paste", "set",
        "copy", "send", "fix", "solution", "make it", "should look", "config", "file", "führe", "lancez", "exécutez", "ejecute",
        "ejecuta", "execute", "esegui", "uruchom", "выполните", "запустите", "виконайте", "çalıştırın", "chạy", "运行", "执行", "実行", "실행",
    ];
    let line = before.lines().last().unwrap_or("").trim();
    let label = line.trim_end_matches(['*', ' ']);
    let label = label.rsplit(". ").next().unwrap_or(label);
    label.ends_with([':', '：']) && has(label, SEES) && !has(label, RUNS)
}

/// Whether a block of code holds commands, the last of which ends by itself: what it shows may stand below.
pub fn ends_by_itself(element: &Element) -> bool {
    let ElementKind::Code(code) = &element.kind else { return false };
    if matches!(code.language.as_str(), "sql" | "psql" | "pgsql" | "mysql") {
        return true;
    }
    let shell = matches!(code.language.as_str(), "bash" | "sh" | "shell" | "zsh" | "console" | "terminal");
    let last = code.text.lines().rev().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let last = last.map_or("", |line| line.get(prompt(line, false).unwrap_or(0)..).unwrap_or(line));
    let untagged = code.language.is_empty() && comments::looks_like_command(last);
    (shell || untagged) && shell::classify(last).kind == Kind::Run && !last.is_empty()
}

/// Whether a fence that is no shell's, right below one with commands, is what these show. A file's text begins with
/// its name, settings are to be written.
pub(super) fn is_below(code: &Code) -> bool {
    let plain = matches!(code.language.as_str(), "" | "text" | "txt" | "plaintext" | "plain");
    let mut lines = code.text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.clone().next().unwrap_or("");
    let settings = lines.all(|line| is_env_line(line) || line.starts_with('#'));
    let made = first.starts_with(['#', '[', '<', '/']) || begins_sql(first) || is_cron(first);
    plain && code.fenced && !made && !settings
}

/// Whether a fence that is no shell's holds listings of programs and nothing else. JSON in one, or a table by somebody,
/// may have to be entered somewhere.
fn is_listing(text: &str) -> bool {
    let found = split(text, text);
    let listed = |at: usize| found.region(at).is_some_and(|region| region.what == "output");
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let head = lines.next().unwrap_or("");
    let by_program = !head.chars().any(char::is_lowercase) || lines.next().is_some_and(is_rule);
    !head.trim_start().starts_with(['{', '['])
        && by_program
        && !found.pieces.is_empty()
        && found.pieces.iter().all(|piece| listed(piece.span.start))
}

/// What a shell's fence is that holds no command as a whole.
fn no_commands(text: &str, before: &str) -> Option<&'static str> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let body: Vec<&str> = lines.iter().copied().filter(|l| !l.starts_with('#')).collect();
    let first = lines.first()?;
    let lower = before.to_lowercase();
    let comments = lines.iter().take_while(|l| l.starts_with('#'));
    if comments.into_iter().any(|l| l.starts_with("#!/"))
        || begins(first.trim_start_matches('#'), &["save as", "save this as", "file", "filename"])
            && first.starts_with('#')
    {
        return Some("file");
    }
    if is_script_text(before) {
        return Some("file");
    }
    if body.is_empty() {
        return None;
    }
    let names_file = lower.contains(".env")
        || (lower.contains("file") || lower.contains('`'))
            && ["create", "edit", "update", "add", "write", "set"].iter().any(|w| lower.contains(w));
    let keys = |l: &&str| {
        l.split_once('=').is_some_and(|(k, _)| {
            k.len() > 1 && k.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        })
    };
    if lower.contains(".env") && body.iter().all(keys) {
        return Some("env file");
    }
    if body.iter().all(|l| is_env_line(l))
        && (names_file || body.len() >= 3 && !body.iter().any(|l| uses_own(l, text)))
    {
        return Some("env file");
    }
    if body.iter().all(|l| is_cron(l) || is_cron_setting(l)) && body.iter().any(|l| is_cron(l)) {
        return Some("cron");
    }
    if body.iter().all(|l| begins_sql(l) || !begins_command(l)) && begins_sql(body[0]) {
        return Some("sql");
    }
    let opens = |l: &&&str| {
        l.ends_with('{') && !l.contains("()") && !l.contains('|') && !begins_keyword(l) && !begins_program(l)
    };
    let closes = body.iter().any(|l| matches!(*l, "}" | "};"));
    if closes && opens(&&body[0]) {
        return Some("config");
    }
    if closes && body.iter().any(|l| opens(&l)) && !body.iter().any(|l| begins_program(l)) {
        return Some("config");
    }
    if body.iter().all(|l| is_output(l)) {
        return Some("output");
    }
    let address = |l: &&str| {
        let mut words = l.split_whitespace();
        words
            .next()
            .is_some_and(|w| w.matches('.').count() == 3 && w.chars().all(|c| c.is_ascii_digit() || c == '.'))
            && words.next().is_some()
    };
    let section = |l: &str| l.starts_with('[') && l.ends_with(']') && !l.contains(' ') && l.len() > 2;
    if body.iter().all(address) || (section(body[0]) && body[1..].iter().any(|l| l.contains('='))) {
        return Some("config");
    }
    let opens = body[0].starts_with(['{', '[']) && body[0].len() <= 2;
    if opens_json(body[0]) || opens && body.get(1).is_some_and(|l| l.starts_with('"')) {
        return Some("output");
    }
    let yaml = |l: &&str| {
        let entry = l.trim_start_matches("- ");
        entry.split_once(':').is_some_and(|(k, v)| {
            !k.is_empty()
                && !k.contains(' ')
                && (v.is_empty() || v.starts_with(' '))
                && !k.starts_with("http")
        })
    };
    if body.len() >= 2
        && body.iter().filter(|l| yaml(l)).count() * 3 >= body.len() * 2
        && !body.iter().any(|l| begins_program(l))
    {
        return Some("config");
    }
    if body.iter().all(|l| is_sentence(l)) {
        return Some("text");
    }
    None
}

/// Whether the words before a fence say that it is the text of a script: "Script content:", "脚本内容：", "Create
/// `backup.sh`:".
fn is_script_text(before: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const CONTENT: Words = &[
        "script content", "script contents", "content of the script", "contents of the script", "script body", "skriptinhalt", "inhalt des skripts", "contenu du script", "contenido del script", "conteúdo do script", "contenuto dello script",
        "zawartość skryptu", "содержимое скрипта", "вміст скрипта", "betik içeriği", "nội dung script", "isi script", "脚本内容", "スクリプトの内容", "スクリプト内容", "스크립트 내용",
    ];
    #[rustfmt::skip] // words, many to a line
    const MAKES: Words = &[
        "create", "write", "save", "add", "make a", "put", "place", "erstelle", "erstellen sie", "lege", "créer", "créez", "crear", "cree", "crea", "criar", "crie", "creare", "utwórz", "stwórz", "создайте", "создать", "створіть", "oluşturun", "tạo", "buat",
        "创建", "新建", "编写", "作成", "생성", "作成します",
    ];
    let label = before.lines().last().unwrap_or("").trim().trim_end_matches('*');
    let leads = label.ends_with([':', '：']);
    let names = label.split('`').skip(1).step_by(2).any(|span| {
        let path = !span.contains(' ') && !span.starts_with("./");
        path && [".sh", ".bash", ".zsh"].iter().any(|end| span.ends_with(end))
    });
    let makes = begins(label, MAKES) || label.contains("作成") || label.contains("创建");
    leads && (has(label, CONTENT) || names && makes)
}

/// Whether the variable that a line sets is used in the same text: then it is a script's.
fn uses_own(line: &str, text: &str) -> bool {
    let name = line.split('=').next().unwrap_or("").trim();
    text.contains(&format!("${name}")) || text.contains(&format!("${{{name}"))
}

/// A sentence and nothing else: it begins like one, and ends like one or has their words.
///
/// A placeholder at its end is no redirection that lacks its file: `tool compare <old> <new>` is a command.
pub(super) fn is_sentence(line: &str) -> bool {
    let parses = crate::shell::split::words_of(&mask(line, &holes(line))).is_some();
    looks(line, parses) == Looks::Sentence
}

#[cfg(test)]
mod tests;
