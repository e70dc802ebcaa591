//! The rules that Wardkeep ships (`content/rules`), each with the samples that prove it.

use crate::rule::{RuleFile, RuleSource};

macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        /// Path, text and samples of each file; a test compares the list with the folder.
        const FILES: &[(&str, &str, &str)] = &[$((
            concat!("content/rules/", $name, ".yml"),
            include_str!(concat!("../../../content/rules/", $name, ".yml")),
            include_str!(concat!("../../../content/rules/tests/", $name, ".yaml")),
        )),+];
    };
}

shipped![
    "aws_access_key_created",
    "aws_admin_policy_attached",
    "aws_bucket_opened",
    "aws_console_failures",
    "aws_console_login_without_mfa",
    "aws_guardduty_disabled",
    "aws_key_scheduled_for_deletion",
    "aws_logons_from_many_places",
    "aws_root_console_login",
    "aws_security_group_open",
    "aws_snapshot_shared",
    "aws_trail_stopped",
    "lnx_cron_fetches_code",
    "lnx_logging_stopped",
    "lnx_root_twin_added",
    "lnx_ssh_bruteforce",
    "lnx_ssh_bruteforce_success",
    "lnx_ssh_root_login",
    "lnx_su_root_failed",
    "lnx_sudo_refused",
    "lnx_sudo_root_shell",
    "lnx_user_added",
    "net_dns_tunnel",
    "net_ids_severe_alert",
    "net_old_tls",
    "web_jndi_lookup",
    "web_many_not_found",
    "web_path_traversal",
    "web_scanner",
    "web_shell_uploaded",
    "web_shell_used",
    "web_sql_injection",
    "win_audit_policy_weakened",
    "win_backups_deleted",
    "win_certutil_download",
    "win_defender_exclusion_added",
    "win_defender_switched_off",
    "win_domain_admin_added",
    "win_event_log_cleared",
    "win_failed_logons",
    "win_firewall_switched_off",
    "win_hidden_account_created",
    "win_kerberos_weak_ticket",
    "win_local_admin_added",
    "win_lsass_access",
    "win_lsass_dump_command",
    "win_office_starts_shell",
    "win_one_account_many_machines",
    "win_password_spraying",
    "win_password_store_copied",
    "win_powershell_download_and_run",
    "win_powershell_encoded",
    "win_psexec_service",
    "win_remote_desktop_from_internet",
    "win_run_key_user_folder",
    "win_scheduled_task_command",
    "win_scheduled_task_suspicious",
    "win_security_log_cleared",
    "win_service_installed",
    "win_service_suspicious_command",
    "win_wmi_starts_shell",
];

/// The shipped rule files, for [`crate::RuleSet::load`].
pub fn builtin() -> Vec<RuleFile> {
    let file = |(path, text, _): &(&str, &str, &str)| RuleFile {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
        source: RuleSource::BuiltIn,
    };
    FILES.iter().map(file).collect()
}

/// The samples of a shipped rule file, for [`crate::Samples::parse`].
pub fn shipped_samples(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(known, ..)| *known == path).map(|(.., samples)| *samples)
}
