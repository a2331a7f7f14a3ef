//! That levels are told apart by everybody's eyes, and are read on their ground.

use super::*;
use crate::tui::theme::{Surroundings, indexed};

type Rgb = [f64; 3];

/// What eyes without one kind of cones see, in linear light (Machado, Oliveira and Fernandes 2009, severity 1.0).
const SIGHTS: [(&str, [[f64; 3]; 3]); 4] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protan",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deutan",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritan",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

fn theme(name: ThemeName, palette: Palette) -> Theme {
    let around = Surroundings {
        locale: Some("C.UTF-8".into()),
        term: "xterm-256color".into(),
        colorterm: String::new(),
    };
    Theme::new(name, &around).with(palette, crate::config::Graph::Braille)
}

/// The light of a colour: sRGB without its curve (IEC 61966-2-1).
fn light(colour: Color) -> Rgb {
    let Color::Indexed(number) = colour else { panic!("{colour:?}") };
    let parts: [u8; 3] = indexed(number).into();
    parts.map(|part| {
        let v = f64::from(part) / 255.0;
        if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    })
}

fn times(matrix: &[[f64; 3]; 3], of: Rgb) -> Rgb {
    matrix.map(|row| row.iter().zip(of).map(|(m, v)| m * v).sum::<f64>())
}

/// CIE L*a*b* under D65.
fn lab(linear: Rgb) -> Rgb {
    let clamped = linear.map(|v| v.clamp(0.0, 1.0));
    let [x, y, z] = times(
        &[
            [0.412_456_4, 0.357_576_1, 0.180_437_5],
            [0.212_672_9, 0.715_152_2, 0.072_175],
            [0.019_333_9, 0.119_192, 0.950_304_1],
        ],
        clamped,
    );
    let f = |t: f64| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
    let [x, y, z] = [f(x / 0.950_47), f(y), f(z / 1.088_83)];
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIEDE2000 (Sharma, Wu and Dalal 2005).
fn distance(one: Rgb, other: Rgb) -> f64 {
    let [l1, a1, b1] = one;
    let [l2, a2, b2] = other;
    let mean_c = f64::midpoint(a1.hypot(b1), a2.hypot(b2));
    let seventh = |c: f64| (c.powi(7) / (c.powi(7) + 25f64.powi(7))).sqrt();
    let grey = 0.5 * (1.0 - seventh(mean_c));
    let (a1, a2) = (a1 * (1.0 + grey), a2 * (1.0 + grey));
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue =
        |a: f64, b: f64| if a == 0.0 && b == 0.0 { 0.0 } else { b.atan2(a).to_degrees().rem_euclid(360.0) };
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let none = c1 * c2 == 0.0;
    let apart = match h2 - h1 {
        _ if none => 0.0,
        d if d > 180.0 => d - 360.0,
        d if d < -180.0 => d + 360.0,
        d => d,
    };
    let (dl, dc) = (l2 - l1, c2 - c1);
    let dh = 2.0 * (c1 * c2).sqrt() * (apart / 2.0).to_radians().sin();
    let (lightness, chroma) = (f64::midpoint(l1, l2), f64::midpoint(c1, c2));
    let h = match h1 + h2 {
        sum if none => sum,
        sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
        sum if sum < 360.0 => f64::midpoint(sum, 360.0),
        sum => (sum - 360.0) / 2.0,
    };
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0)
        - 0.2 * cos(4.0 * h - 63.0);
    let off = (lightness - 50.0).powi(2);
    let (sl, sc, sh) =
        (1.0 + 0.015 * off / (20.0 + off).sqrt(), 1.0 + 0.045 * chroma, 1.0 + 0.015 * chroma * t);
    let turn =
        -(2.0 * 30.0 * (-((h - 275.0) / 25.0).powi(2)).exp()).to_radians().sin() * 2.0 * seventh(chroma);
    let (dl, dc, dh) = (dl / sl, dc / sc, dh / sh);
    (dl * dl + dc * dc + dh * dh + turn * dc * dh).sqrt()
}

/// How much lighter one is than the other (WCAG 2.2, relative luminance).
fn contrast(one: Color, other: Color) -> f64 {
    let y =
        |colour| light(colour).iter().zip([0.2126, 0.7152, 0.0722]).map(|(v, part)| v * part).sum::<f64>();
    let (one, other) = (y(one), y(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

const LEVELS: [RowLevel; 4] = [RowLevel::Ok, RowLevel::Watch, RowLevel::Alert, RowLevel::Down];

/// The levels that are told by the colour of their letters; DOWN alone stands on a ground of its own.
const LETTERS: [RowLevel; 3] = [RowLevel::Ok, RowLevel::Watch, RowLevel::Alert];

/// The least distance of two levels for any sight, with which they are.
fn least(theme: Theme) -> (f64, String) {
    let mut least = (f64::INFINITY, String::new());
    for (sight, matrix) in &SIGHTS {
        for (at, one) in LETTERS.iter().enumerate() {
            for other in &LETTERS[at + 1..] {
                let seen = |level: &RowLevel| lab(times(matrix, light(theme.colour(*level).unwrap())));
                let is = distance(seen(one), seen(other));
                if is < least.0 {
                    least = (is, format!("{one:?} and {other:?}, {sight}"));
                }
            }
        }
    }
    least
}

#[test]
fn the_distance_is_that_of_the_literature() {
    // Two pairs of the paper's own test data.
    assert!((distance([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485]) - 2.0425).abs() < 1e-4);
    assert!((distance([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387]) - 1.2644).abs() < 1e-4);
}

#[test]
fn any_two_levels_are_told_apart_by_everybody() {
    for (name, should) in [(ThemeName::Dark, 20.0), (ThemeName::Light, 10.0)] {
        let (is, which) = least(theme(name, Palette::Apart));
        assert!(is >= should, "{name:?}: {which} are {is:.1} apart, not {should}");
    }
}

#[test]
fn the_ground_of_what_is_down_stands_out_from_the_screen_for_everybody() {
    for (name, screen) in [(ThemeName::Dark, 16), (ThemeName::Light, 231)] {
        let theme = theme(name, Palette::Apart);
        let ground = theme.level(RowLevel::Down).bg.unwrap();
        for (sight, matrix) in &SIGHTS {
            let seen = |colour| lab(times(matrix, light(colour)));
            let is = distance(seen(ground), seen(Color::Indexed(screen)));
            assert!(is >= 20.0, "{name:?}, {sight}: {is:.1}");
        }
        let grounds = LETTERS.iter().filter(|level| theme.level(**level).bg.is_some()).count();
        assert_eq!(grounds, 0, "{name:?}: no other level in a list has one");
    }
}

#[test]
fn every_level_is_read_on_its_ground() {
    for (name, ground) in [(ThemeName::Dark, 16), (ThemeName::Light, 231)] {
        for palette in [Palette::Apart, Palette::Traffic] {
            let theme = theme(name, palette);
            for level in LEVELS {
                let style = theme.level(level);
                let behind = style.bg.unwrap_or(Color::Indexed(ground));
                let is = contrast(style.fg.unwrap(), behind);
                assert!(is >= 4.5, "{name:?} {level:?}: {is:.1}");
                let banner = theme.banner(level);
                let is = contrast(banner.fg.unwrap(), banner.bg.unwrap());
                assert!(is >= 4.5, "the banner, {name:?} {level:?}: {is:.1}");
            }
        }
    }
}

#[test]
fn without_colour_what_calls_is_bold_and_the_banner_is_reversed() {
    let theme = theme(ThemeName::None, Palette::Apart);
    for level in RowLevel::ALL {
        let style = theme.level(level);
        assert!(style.fg.is_none() && style.bg.is_none(), "{level:?}");
        assert_eq!(style.add_modifier.contains(Modifier::BOLD), level.calls(), "{level:?}");
    }
    assert!(theme.banner(RowLevel::Down).add_modifier.contains(Modifier::REVERSED));
}
