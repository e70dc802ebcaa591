//! Money and chances with three significant digits: more would claim what no estimate knows.

/// How amounts are written: currency and decimal mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amounts {
    /// ISO code, such as `EUR`.
    pub currency: String,
    /// `.` or `,`.
    pub decimal: char,
}

impl Amounts {
    /// An amount without its currency: `1.82 M`, `335 k`, `950`; what is not finite is `unknown`.
    pub fn bare(&self, amount: f64) -> String {
        if !amount.is_finite() {
            return "unknown".to_owned();
        }
        let (digits, unit) = scaled(amount);
        with_mark(&digits, self.decimal) + unit
    }
    /// An amount with its currency: `1.82 M EUR`.
    pub fn full(&self, amount: f64) -> String {
        if amount.is_finite() {
            format!("{} {}", self.bare(amount), self.currency)
        } else {
            self.bare(amount)
        }
    }
    /// A change with its sign, a true minus: `+180 k`, `−1.20 M`.
    pub fn change(&self, amount: f64) -> String {
        let sign = if amount < 0.0 { "−" } else { "+" };
        if amount.is_finite() { format!("{sign}{}", self.bare(amount.abs())) } else { self.bare(amount) }
    }
    /// An amount on an axis, without zeros that say nothing: `5 M`, `250 k`.
    pub fn tick(&self, amount: f64) -> String {
        let (digits, unit) = scaled(amount);
        let plain = if digits.contains('.') {
            digits.trim_end_matches('0').trim_end_matches('.')
        } else {
            digits.as_str()
        };
        with_mark(plain, self.decimal) + unit
    }
    /// A chance or share from 0 to 1 in percent: `1.76 %`, `0.050 %`, `100 %`, `< 0.001 %`, `> 99.9 %`.
    pub fn percent(&self, share: f64) -> String {
        if !share.is_finite() {
            return "unknown".to_owned();
        }
        // Three digits neither say "never" nor "always" of what is only nearly so.
        if share > 0.0 && share < 1e-5 {
            return format!("< {} %", with_mark("0.001", self.decimal));
        }
        let text = self.number(100.0 * share);
        if text == "100" && share < 1.0 - 1e-9 {
            return format!("> {} %", with_mark("99.9", self.decimal));
        }
        format!("{text} %")
    }
    /// A plain number with three significant digits: `0.0719`, `12.3`, `1,240` becomes `1240`.
    pub fn number(&self, value: f64) -> String {
        if !value.is_finite() {
            return "unknown".to_owned();
        }
        if value == 0.0 {
            return "0".to_owned();
        }
        if value < 0.0 {
            return format!("−{}", self.number(-value));
        }
        let value = to_three(value);
        let places = (2 - magnitude(value)).clamp(0, 8) as usize;
        with_mark(&format!("{value:.places$}"), self.decimal)
    }
}

fn with_mark(digits: &str, decimal: char) -> String {
    digits.replace('.', decimal.encode_utf8(&mut [0; 4]))
}

/// The power of ten of the first digit.
fn magnitude(value: f64) -> i32 {
    value.abs().log10().floor() as i32
}

/// The value cut to three significant digits.
fn to_three(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let unit = 10_f64.powi(magnitude(value) - 2);
    (value / unit).round() * unit
}

/// Digits and unit of an amount; what is below one unit of money is rounded to none.
fn scaled(amount: f64) -> (String, &'static str) {
    let value = to_three(amount);
    if value.abs() < 1.0 {
        return ("0".to_owned(), "");
    }
    let steps = (magnitude(value * (1.0 + 1e-12)) / 3).clamp(0, 4);
    let unit = ["", " k", " M", " bn", " tn"][steps as usize];
    let small = value / 1000_f64.powi(steps);
    let places = (2 - magnitude(small * (1.0 + 1e-12))).clamp(0, 2) as usize;
    let places = if steps == 0 && small.fract().abs() < 1e-9 { 0 } else { places };
    (format!("{small:.places$}"), unit)
}

#[cfg(test)]
mod tests {
    use super::Amounts;

    #[test]
    fn three_digits_and_no_more() {
        let point = Amounts { currency: "EUR".to_owned(), decimal: '.' };
        for (amount, said) in [
            (0.0, "0"),
            (0.4, "0"),
            (7.0, "7"),
            (950.0, "950"),
            (1_000.0, "1.00 k"),
            (12_345.0, "12.3 k"),
            (999_600.0, "1.00 M"),
            (335_123.0, "335 k"),
            (1_824_000.0, "1.82 M"),
            (-13_515_300.6, "-13.5 M"),
            (3.677e9, "3.68 bn"),
            (f64::NAN, "unknown"),
        ] {
            assert_eq!(point.bare(amount), said);
        }
        assert_eq!(point.full(2e6), "2.00 M EUR");
        assert_eq!([point.change(180_000.0), point.change(-1_200_000.0)], ["+180 k", "−1.20 M"]);
        assert_eq!(
            [5e6, 2.5e5, 1e3, 20.0, 1e9].map(|v| point.tick(v)),
            ["5 M", "250 k", "1 k", "20", "1 bn"]
        );
        assert_eq!(
            [0.017_571_2, 0.000_5, 1.0, 0.9048, 0.0].map(|p| point.percent(p)),
            ["1.76 %", "0.0500 %", "100 %", "90.5 %", "0 %"]
        );
        assert_eq!([0.0719411, 12.345, 1_239.6].map(|v| point.number(v)), ["0.0719", "12.3", "1240"]);
        let comma = Amounts { currency: "EUR".to_owned(), decimal: ',' };
        assert_eq!(comma.full(1_824_000.0), "1,82 M EUR");
    }
}
