//! Settings of risk in money.

use serde::Deserialize;

/// Who may accept how much, and how far figures move by themselves (`[risk]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RiskSettings {
    /// An officer may approve the acceptance of a risk whose part of the mean of the worst hundredth of years is at
    /// most this, in major units of the reporting currency; above it an executive must.
    pub officer_accepts_tail: u64,
    /// The same for what the risk costs in an average year: both limits hold.
    pub officer_accepts_mean: u64,
    /// New figures stand by themselves while the average year moves by less than this many percent; else they wait
    /// until somebody confirms them. 0 lets all of them wait.
    pub publish_below_percent: u32,
}

impl Default for RiskSettings {
    fn default() -> Self {
        Self { officer_accepts_tail: 1_000_000, officer_accepts_mean: 250_000, publish_below_percent: 5 }
    }
}

impl RiskSettings {
    /// Why these settings cannot be used, if so.
    pub(super) fn check(self) -> Result<(), String> {
        if self.publish_below_percent > 100 {
            let given = self.publish_below_percent;
            return Err(format!("risk.publish_below_percent = {given} is more than 100; write 5"));
        }
        Ok(())
    }
    /// Largest share by which the average year may move without anybody's word.
    pub(crate) fn publish_below(self) -> f64 {
        f64::from(self.publish_below_percent) / 100.0
    }
    /// Whether an acceptance of these amounts needs an executive; what is infinite is above every limit.
    pub(crate) fn needs_executive(self, mean: Option<f64>, tail: Option<f64>) -> bool {
        let above = |amount: Option<f64>, limit: u64| amount.is_none_or(|a| a > limit as f64);
        above(mean, self.officer_accepts_mean) || above(tail, self.officer_accepts_tail)
    }
}

#[cfg(test)]
mod tests {
    use super::RiskSettings;

    #[test]
    fn both_limits_hold_and_the_infinite_is_above_them() {
        let usual = RiskSettings::default();
        assert!(!usual.needs_executive(Some(250_000.0), Some(1_000_000.0)));
        assert!(usual.needs_executive(Some(250_001.0), Some(1.0)));
        assert!(usual.needs_executive(Some(1.0), Some(1_000_001.0)));
        assert!(usual.needs_executive(Some(1.0), None) && usual.needs_executive(None, Some(1.0)));
        let wide = RiskSettings { officer_accepts_tail: 5_000_000, ..usual };
        assert!(!wide.needs_executive(Some(1.0), Some(4_999_999.0)));
        assert!(RiskSettings { publish_below_percent: 101, ..usual }.check().is_err());
    }

    #[test]
    fn they_are_read_from_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wardkeep.toml");
        std::fs::write(&path, "[risk]\nofficer_accepts_tail = 3000000\npublish_below_percent = 2\n").unwrap();
        let found = crate::Config::load(&path, |_| None).unwrap().risk;
        assert_eq!((found.officer_accepts_tail, found.publish_below_percent), (3_000_000, 2));
        assert_eq!(found.officer_accepts_mean, 250_000);
        std::fs::write(&path, "[risk]\npublish_below_percent = 500\n").unwrap();
        assert!(crate::Config::load(&path, |_| None).unwrap_err().to_string().contains("more than 100"));
    }
}
