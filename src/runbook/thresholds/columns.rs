//! Which column of a table of metrics is which, by its title.

use super::super::vocabulary::{Terms, folded};

#[rustfmt::skip] // words, many to a line
static METRIC: Terms = Terms::of(&[
    "metric", "metrics", "indicator", "indicators", "sli", "slis", "kpi", "signal", "signals", "measure", "golden signal", "metrique*", "indicateur*", "metrica*", "indicador*", "metrik*", "kennzahl*", "messgrosse*", "messwert*",
    "indicatore", "indicatori", "wskaznik*", "metryk*", "метрик*", "показател*", "gosterge*", "olcut*", "chi so", "chi tieu", "indikator*", "meetwaarde*", "指标", "メトリクス", "指標", "지표", "메트릭",
]);
#[rustfmt::skip] // words, many to a line
static TARGET: Terms = Terms::of(&[
    "target", "targets", "goal", "objective", "objectives", "slo", "slos", "ok", "normal", "normal range", "healthy", "good", "green", "nominal", "expected", "desired", "objectif*", "cible*", "objetivo*", "meta", "alvo", "ziel*", "soll*", "obiettivo", "cel", "цель", "целев*", "норма*",
    "hedef", "muc tieu", "doel*", "目标", "正常", "目標", "목표", "정상",
]);
#[rustfmt::skip] // words, many to a line
static ACCEPTABLE: Terms = Terms::of(&[
    "acceptable", "acceptable range", "tolerable", "tolerated", "akzeptabel", "zulassig*", "aceptable*", "aceitavel", "accettabile", "dopuszczaln*", "допустим*", "可接受", "許容", "허용",
]);
#[rustfmt::skip] // words, many to a line
static WARNING: Terms = Terms::of(&[
    "warning", "warn", "warnings", "yellow", "amber", "degraded", "caution", "avertissement", "advertencia", "aviso", "atencao", "warnung", "warnschwelle", "avviso", "attenzione", "ostrzezenie", "предупрежден*", "uyari", "canh bao", "waarschuwing", "警告", "预警", "注意", "경고",
]);
#[rustfmt::skip] // words, many to a line
static ALERT: Terms = Terms::of(&[
    "alert", "alerts", "alarm", "alert at", "alert if", "alert when", "alert on", "critical", "crit", "rollback if", "rollback when", "rollback threshold", "roll back if", "roll back when", "red", "page", "page at", "danger", "trigger", "condition", "rule",
    "critique", "critico", "kritisch", "krytyczn*", "критич*", "kritik", "kritiek", "临界", "严重", "告警", "报警", "심각",
]);
/// Titles of a limit: what it is one of, another word of the title says, or else it is the alert.
#[rustfmt::skip] // words, many to a line
static LIMIT: Terms = Terms::of(&[
    "threshold", "thresholds", "limit", "limits", "action threshold", "seuil*", "umbral*", "limite", "limiar*", "schwell*", "grenzwert*", "soglia", "soglie", "prog", "порог*", "esik*", "nguong", "drempel*", "阈值", "閾値", "しきい値", "임계*",
]);
#[rustfmt::skip] // words, many to a line
static ACTION: Terms = Terms::of(&[
    "action", "actions", "response", "what to do", "do", "remedy", "remediation", "then", "if breached", "massnahme*", "aktion*", "accion*", "acao", "acoes", "azione", "azioni", "dzialani*", "действи*", "eylem", "hanh dong", "actie", "处理", "措施", "动作", "対応", "アクション", "조치",
]);
#[rustfmt::skip] // words, many to a line
static QUERY: Terms = Terms::of(&[
    "query", "promql", "expression", "expr", "prometheus", "requete", "consulta", "abfrage", "zapytanie", "запрос", "查询", "クエリ", "쿼리",
]);
#[rustfmt::skip] // words, many to a line
static LASTING: Terms = Terms::of(&[
    "duration", "for", "sustained", "dauer", "duree", "duracion", "duracao", "durata", "длительность", "持续时间", "持续",
]);
/// Titles of what is beyond an alert, where a table has both.
static CRITICAL: Terms = Terms::of(&[
    "critical",
    "crit",
    "critique",
    "critico",
    "kritisch",
    "krytyczn*",
    "критич*",
    "kritik",
    "严重",
    "심각",
]);
/// First columns whose tables are about people.
#[rustfmt::skip] // words, many to a line
static PEOPLE: Terms = Terms::of(&[
    "severity", "priority", "level", "role", "sla", "tier", "sev", "incident", "contact", "escalation*", "impact", "schweregrad", "prioritat", "severite", "priorite", "severidad", "prioridad", "severidade", "prioridade", "级别", "优先级", "重要度", "심각도", "우선순위",
]);
/// Columns that only tables about people have.
static OF_PEOPLE: Terms = Terms::of(&[
    "response time",
    "resolution time",
    "resolution target",
    "contact",
    "escalation",
    "escalate to",
    "escalation path",
]);

/// The columns of a table of bounds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) metric: usize,
    /// The metric's title says so; else each row has to be one by its own name.
    pub(super) named: bool,
    pub(super) target: Vec<usize>,
    pub(super) acceptable: Vec<usize>,
    pub(super) warning: Vec<usize>,
    pub(super) alert: Vec<usize>,
    pub(super) action: Option<usize>,
    pub(super) query: Option<usize>,
    pub(super) lasting: Option<usize>,
}

impl Columns {
    /// The columns of a table, where it is one of bounds.
    pub(super) fn of(header: &[String]) -> Option<Self> {
        let titles: Vec<String> = header.iter().map(|title| folded(title)).collect();
        let is = |at: usize, terms: &Terms| titles.get(at).is_some_and(|title| terms.in_folded(title));
        let all = 0..titles.len();
        if is(0, &PEOPLE) && !is(0, &METRIC) || all.clone().any(|at| at > 0 && is(at, &OF_PEOPLE)) {
            return None;
        }
        let named = all.clone().find(|at| is(*at, &METRIC) && !is(*at, &WARNING));
        // "SLO | Target | Measurement": the first column names what the others tell of.
        let first = all.clone().skip(1).any(|at| is(at, &TARGET)) && is(0, &TARGET);
        let named = if first { Some(0) } else { named };
        let metric = named.unwrap_or(0);
        let mut found = Self {
            metric,
            named: named.is_some(),
            target: vec![],
            acceptable: vec![],
            warning: vec![],
            alert: vec![],
            action: None,
            query: None,
            lasting: None,
        };
        for at in all.filter(|at| *at != metric) {
            // "Warning Threshold" is a warning, "Alert action" an action.
            if is(at, &ACTION) {
                found.action.get_or_insert(at);
            } else if is(at, &QUERY) {
                found.query.get_or_insert(at);
            } else if is(at, &WARNING) {
                found.warning.push(at);
            } else if is(at, &ACCEPTABLE) {
                found.acceptable.push(at);
            } else if is(at, &ALERT) {
                found.alert.push(at);
            } else if is(at, &TARGET) {
                found.target.push(at);
            } else if is(at, &LIMIT) {
                found.alert.push(at);
            } else if is(at, &LASTING) {
                found.lasting.get_or_insert(at);
            }
        }
        // "Critical" is beyond "Alert" where a table has both.
        let critical = |at: &usize| is(*at, &CRITICAL);
        if found.alert.len() > 1 && found.alert.iter().any(critical) {
            let (last, first): (Vec<usize>, Vec<usize>) = found.alert.iter().partition(|at| critical(at));
            found.warning.extend(first);
            found.alert = last;
        }
        let raises = !found.warning.is_empty() || !found.alert.is_empty();
        let bounds = raises || !found.target.is_empty() || !found.acceptable.is_empty();
        (bounds && (found.named || raises)).then_some(found)
    }
}
