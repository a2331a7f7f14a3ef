//! The order of rows.

use std::borrow::Borrow;

use super::row::Row;

/// In which order rows stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The worst first, within a level as the document has them.
    #[default]
    Worst,
    /// As the document has them.
    Document,
    /// By their names.
    Name,
}

impl Order {
    /// The next one, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Order::Worst => Order::Document,
            Order::Document => Order::Name,
            Order::Name => Order::Worst,
        }
    }
}

/// Rows in an order.
pub fn ordered<R: Borrow<Row>>(rows: &mut [R], order: Order) {
    let place = |row: &R| row.borrow().place;
    match order {
        Order::Worst => rows.sort_by_key(|row| (row.borrow().level, place(row))),
        Order::Document => rows.sort_by_key(place),
        Order::Name => rows.sort_by(|one, other| {
            (&one.borrow().title, place(one)).cmp(&(&other.borrow().title, place(other)))
        }),
    }
}
