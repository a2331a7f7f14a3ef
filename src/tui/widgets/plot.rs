//! A line over time, in dots. It draws no text, and joins nothing over a gap.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::symbols::Marker;
use ratatui::widgets::canvas::{Canvas, Line as Stroke};

use crate::config::Graph;

/// Draws points between zero and a top, each in its colour; nothing where there is none.
pub(in crate::tui) fn plot(
    graph: Graph,
    (points, top): (&[Option<(f64, Color)>], f64),
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let marker = match graph {
        Graph::Braille => Marker::Braille,
        Graph::Block => Marker::HalfBlock,
        Graph::Ascii => Marker::Dot,
    };
    let at = |at: usize| points.get(at).copied().flatten();
    let count = points.len().max(1) as f64;
    let canvas =
        Canvas::default().marker(marker).x_bounds([0.0, count]).y_bounds([0.0, top]).paint(|context| {
            for place in 0..points.len() {
                let Some((y1, color)) = at(place) else { continue };
                // A value holds for its part; the next one is joined to it, where there is one.
                let (left, right) = (place as f64 + 0.2, place as f64 + 0.8);
                context.draw(&Stroke { x1: left, y1, x2: right, y2: y1, color });
                if let Some((y2, color)) = at(place + 1) {
                    context.draw(&Stroke { x1: right, y1, x2: place as f64 + 1.2, y2, color });
                }
            }
        });
    frame.render_widget(canvas, area);
}
