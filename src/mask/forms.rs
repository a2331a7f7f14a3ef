//! The forms in which a secret value may turn up: itself, its lines, URL-encoded, in base64.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// The shortest value that is masked wherever it stands.
pub const SHORTEST: usize = 6;

/// All forms of a value.
pub(super) fn of(value: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![value.as_bytes().to_vec()];
    forms.extend(value.lines().map(|line| line.trim().as_bytes().to_vec()).filter(|l| l.len() >= SHORTEST));
    if value.len() < SHORTEST {
        return forms;
    }
    forms.push(url_encoded(value));
    for start in 0..3 {
        for core in [base64_core(&STANDARD_NO_PAD, value, start), base64_core(&URL_SAFE_NO_PAD, value, start)]
        {
            // A few characters stand in many texts by chance.
            if core.len() >= 8 {
                forms.push(core);
            }
        }
    }
    forms
}

/// Percent-encoded as RFC 3986 has it, 2.1 and 2.3.
fn url_encoded(value: &str) -> Vec<u8> {
    let mut encoded = Vec::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte);
        } else {
            encoded.extend(format!("%{byte:02X}").bytes());
        }
    }
    encoded
}

/// What stands in base64 for a value that begins at this byte of a group of three, without the characters at both
/// ends that depend on what stands beside it.
fn base64_core(engine: &impl Engine, value: &str, start: usize) -> Vec<u8> {
    let mut padded = vec![0; start];
    padded.extend_from_slice(value.as_bytes());
    let encoded = engine.encode(&padded);
    // The first characters hold bits of what is before, the last one those of what follows.
    let first = [0, 2, 3][start];
    let last = encoded.len() - usize::from(!padded.len().is_multiple_of(3));
    encoded.as_bytes().get(first..last).unwrap_or_default().to_vec()
}
