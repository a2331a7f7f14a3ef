//! The order of rows.

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
pub fn ordered(rows: &mut [Row], order: Order) {
    match order {
        Order::Worst => rows.sort_by_key(|row| (row.level, row.place)),
        Order::Document => rows.sort_by_key(|row| row.place),
        Order::Name => rows.sort_by(|one, other| (&one.title, one.place).cmp(&(&other.title, other.place))),
    }
}
