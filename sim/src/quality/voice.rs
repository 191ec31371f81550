//! Voice quality by the E-model (ITU-T G.107, G.113).

use super::{Value, not_negative, positive, probability};

/// Rating without impairment, default values of G.107.
pub const R_DEFAULT: f64 = 93.2;

/// Impairment by one-way delay `milliseconds` (Idd of G.107); 0 up to 100 ms.
///
/// Not to be mixed with the simplification of Cole and Rosenbluth, which gives other figures.
///
/// # Errors
/// Negative delay.
pub fn delay_impairment(milliseconds: f64) -> Value {
    let delay = not_negative("milliseconds", milliseconds)?;
    if delay <= 100.0 {
        return Ok(0.0);
    }
    let x = (delay / 100.0).log2();
    let root = |y: f64| (1.0 + y.powi(6)).powf(1.0 / 6.0);
    Ok(25.0 * (root(x) - 3.0 * root(x / 3.0) + 2.0))
}

/// A codec as the E-model knows it (G.113 Appendix I).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Codec {
    /// Equipment impairment factor Ie.
    pub impairment: f64,
    /// Packet-loss robustness Bpl.
    pub robustness: f64,
}

/// G.711 without packet-loss concealment.
pub const G711: Codec = Codec {
    impairment: 0.0,
    robustness: 4.3,
};
/// G.711 with packet-loss concealment.
pub const G711_CONCEALED: Codec = Codec {
    impairment: 0.0,
    robustness: 25.1,
};
/// G.729A with voice activity detection.
pub const G729A: Codec = Codec {
    impairment: 11.0,
    robustness: 19.0,
};

/// Effective equipment impairment: Ie + (95 − Ie)·Ppl / (Ppl/BurstR + Bpl), `loss` a share of packets and
/// `burst` the ratio BurstR (1 for random loss).
///
/// # Errors
/// A loss that is no share, or a burst ratio that is not positive.
pub fn loss_impairment(codec: Codec, loss: f64, burst: f64) -> Value {
    let percent = probability("loss", loss)? * 100.0;
    let burst = positive("burst", burst)?;
    let robustness = positive("robustness", codec.robustness)?;
    Ok(codec.impairment + (95.0 - codec.impairment) * percent / (percent / burst + robustness))
}

/// Mean opinion score of a rating R (G.107 Annex B), 1 to 4.5.
#[must_use]
pub fn opinion(rating: f64) -> f64 {
    if rating <= 0.0 {
        return 1.0;
    }
    if rating >= 100.0 {
        return 4.5;
    }
    // Below about 6.5 the cubic dips under 1, where the scale ends.
    (1.0 + 0.035 * rating + rating * (rating - 60.0) * (100.0 - rating) * 7e-6).max(1.0)
}

/// Rating of a call with default values: 93.2 − Idd − Ie,eff.
///
/// # Errors
/// As [`delay_impairment`] and [`loss_impairment`].
pub fn rating(milliseconds: f64, codec: Codec, loss: f64, burst: f64) -> Value {
    Ok(R_DEFAULT - delay_impairment(milliseconds)? - loss_impairment(codec, loss, burst)?)
}
