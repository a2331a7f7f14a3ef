//! Bounds, by what they are of: what has to be kept, what warns, what raises an alert.

use super::super::model::Threshold;
use super::amount::{Amount, Op};

/// A bound that has to be kept, as it is written or as the metric's name tells it.
pub(super) fn keeps(amount: &Amount, more: Option<bool>) -> Option<Threshold> {
    let op = match (amount.op, amount.until, more) {
        (_, Some(_), more) => {
            if more? {
                Op::AtLeast
            } else {
                Op::AtMost
            }
        }
        (Some(op), ..) => op,
        (None, None, Some(true)) => Op::AtLeast,
        (None, None, Some(false)) => Op::AtMost,
        (None, None, None) => return None,
    };
    Some(threshold(
        op,
        if op.is_upper() { amount.until.unwrap_or(amount.value) } else { amount.value },
        amount,
    ))
}

/// What is still kept where a bound says from where on it is not: "Warning > 500 ms".
pub(super) fn kept(amount: &Amount, more: Option<bool>) -> Option<Threshold> {
    let good = |op: Op| more.is_some_and(|more| more != op.is_upper());
    match (amount.op, amount.until) {
        (Some(op), None) if good(op) => Some(threshold(op, amount.value, amount)),
        (Some(op), None) => Some(threshold(op.opposite(), amount.value, amount)),
        (_, until) => Some(if more? {
            threshold(Op::Above, until.unwrap_or(amount.value), amount)
        } else {
            threshold(Op::Below, amount.value, amount)
        }),
    }
}

/// What raises an alert; nothing where the bound is on the good side of the metric.
pub(super) fn crossed(amount: &Amount, more: Option<bool>) -> Option<Threshold> {
    match (amount.op, amount.until) {
        (Some(Op::Is), _) => None,
        (Some(op), None) => {
            let good = more.is_some_and(|more| more != op.is_upper());
            (!good).then(|| threshold(op, amount.value, amount))
        }
        (None, None) => Some(threshold(if more? { Op::Below } else { Op::Above }, amount.value, amount)),
        (_, Some(until)) => Some(if more? {
            threshold(Op::AtMost, until, amount)
        } else {
            threshold(Op::AtLeast, amount.value, amount)
        }),
    }
}

pub(super) fn threshold(op: Op, value: f64, amount: &Amount) -> Threshold {
    Threshold { op: op.sign().to_owned(), value, unit: amount.unit.clone() }
}
