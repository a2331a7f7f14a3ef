//! Canonical lines and the hash chain over them: what is hashed is what is stored, byte for byte.

use super::error::{NotAppended, StoreError};
use crate::run::event::Stored;
use crate::run::{Record, Seq};
use crate::runbook::hash::sha256_hex;

/// One event as it is stored. It is made once; whatever keeps it gets and gives bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub seq: Seq,
    /// The owner that wrote it.
    pub epoch: u32,
    /// The hash of the line before it; empty for the first.
    pub prev: String,
    /// The line, without its end.
    pub text: String,
}

impl Line {
    /// That of a record.
    pub fn of(record: &Record) -> Result<Self, StoreError> {
        Ok(Self { seq: record.seq, epoch: record.epoch, prev: record.prev.clone(), text: line(record)? })
    }

    /// That of a stored text.
    pub(super) fn read(text: String) -> Result<Self, StoreError> {
        // No more of it is read than has to be: it may be one of a newer version.
        #[derive(serde::Deserialize)]
        struct Place {
            seq: Seq,
            epoch: u32,
            prev: String,
        }
        let place = serde_json::from_str(&text).map_err(|source| StoreError::Decode { seq: 0, source })?;
        let Place { seq, epoch, prev } = place;
        Ok(Self { seq, epoch, prev, text })
    }

    /// The head of a journal that ends with it.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, epoch: self.epoch, hash: hash(&self.text) }
    }
}

/// Where a journal ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of its last event; 0 where there is none.
    pub seq: Seq,
    /// The owner that wrote it.
    pub epoch: u32,
    /// The hash of its line; empty where there is none.
    pub hash: String,
}

impl Head {
    /// Where a journal ends whose last line is this.
    pub fn of(text: Option<&str>) -> Result<Self, StoreError> {
        // No more of the line is read than has to be: it may be one of a newer version.
        #[derive(serde::Deserialize)]
        struct Ends {
            seq: Seq,
            epoch: u32,
        }
        let Some(text) = text else { return Ok(Self::default()) };
        let Ends { seq, epoch } =
            serde_json::from_str(text).map_err(|source| StoreError::Decode { seq: 0, source })?;
        Ok(Self { seq, epoch, hash: hash(text) })
    }
}

/// Which of these lines have to be written where a journal ends so; `stored` gives the line of a number that is there.
///
/// A gap, another line at the same number, or an owner that was superseded is refused.
pub(super) fn to_write<'l>(
    lines: &'l [Line],
    head: &Head,
    stored: impl Fn(Seq) -> Result<String, StoreError>,
) -> Result<&'l [Line], NotAppended> {
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first().filter(|(line, _)| line.seq <= head.seq) {
        if stored(line.seq)? != line.text {
            let fenced = line.epoch < head.epoch;
            let at = line.seq.0;
            return Err(if fenced {
                NotAppended::Fenced { epoch: head.epoch }
            } else {
                NotAppended::Fork { at }
            });
        }
        rest = after;
    }
    let mut before = head.clone();
    for line in rest {
        if line.epoch < before.epoch {
            return Err(NotAppended::Fenced { epoch: before.epoch });
        }
        if line.seq != before.seq.next() || line.prev != before.hash {
            return Err(NotAppended::Fork { at: line.seq.0 });
        }
        before = line.head();
    }
    Ok(rest)
}

/// The record as one line of JSON with sorted keys.
pub fn line(record: &Record) -> Result<String, StoreError> {
    // A `Value` keeps its keys sorted; serialising the struct itself would keep the order of declaration.
    let value =
        serde_json::to_value(record).map_err(|source| StoreError::Encode { seq: record.seq.0, source })?;
    Ok(value.to_string())
}

/// The hash that the next record carries as `prev`.
pub fn hash(line: &str) -> String {
    sha256_hex(line.as_bytes())
}

/// Checks numbers and hashes of lines without reading what they say, which is left to whoever gets them.
pub fn check(lines: Vec<String>) -> Result<Vec<Stored>, StoreError> {
    #[derive(serde::Deserialize)]
    struct Place {
        seq: Seq,
        prev: String,
    }
    chained(lines, |line| {
        let Place { seq, prev } = serde_json::from_str(&line)?;
        Ok((seq, prev, Stored::of(line)?))
    })
}

/// Reads lines back, checking numbers and hashes; names the first event that is off.
pub fn read(lines: &[String]) -> Result<Vec<Record>, StoreError> {
    chained(lines, |line| Record::read(line).map(|r| (r.seq, r.prev.clone(), r)))
}

/// Goes through lines that follow each other. `read` gives of each its number, the hash that it says the line before it
/// has, and what is wanted.
fn chained<L: AsRef<str>, T>(
    lines: impl IntoIterator<Item = L>,
    read: impl Fn(L) -> serde_json::Result<(Seq, String, T)>,
) -> Result<Vec<T>, StoreError> {
    let (mut last, mut found) = (String::new(), Vec::new());
    for (expected, line) in (1..).zip(lines) {
        let hashed = hash(line.as_ref());
        let (seq, prev, one) = read(line).map_err(|source| StoreError::Decode { seq: expected, source })?;
        if seq != Seq(expected) || prev != last {
            return Err(StoreError::Broken { seq: expected });
        }
        last = hashed;
        found.push(one);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Event, RunId};

    fn records() -> Vec<String> {
        let mut prev = String::new();
        (1..=3)
            .map(|n| {
                let record = Record {
                    v: 1,
                    run: RunId("r".into()),
                    seq: Seq(n),
                    at: chrono::DateTime::UNIX_EPOCH,
                    actor: "ada".into(),
                    epoch: 1,
                    prev: prev.clone(),
                    event: Event::Noted { about: String::new(), text: format!("n{n}"), issue: false },
                };
                let line = line(&record).unwrap();
                prev = hash(&line);
                line
            })
            .collect()
    }

    #[test]
    fn keys_are_sorted_whatever_features_other_crates_turn_on() {
        let line = &records()[0];
        assert!(line.starts_with(r#"{"actor":"ada","at":"1970-01-01T00:00:00Z","epoch":1,"event":{"about":"","issue":false,"kind":"noted""#), "{line}");
    }

    #[test]
    fn a_change_a_gap_and_a_swap_are_found() {
        let good = records();
        assert_eq!(read(&good).unwrap().len(), 3);
        let mut changed = good.clone();
        changed[0] = changed[0].replace("n1", "nX");
        assert!(matches!(read(&changed), Err(StoreError::Broken { seq: 2 })));
        assert_eq!(check(good.clone()).unwrap().len(), 3);
        assert!(matches!(check(changed), Err(StoreError::Broken { seq: 2 })));
        assert!(matches!(read(&[good[0].clone(), good[2].clone()]), Err(StoreError::Broken { seq: 2 })));
    }
}
