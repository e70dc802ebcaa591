//! The rules that Wardkeep ships (`content/rules`).

use crate::rule::{RuleFile, RuleSource};

/// Name and text of each file; a test compares the list with the folder.
const FILES: &[(&str, &str)] = &[
    ("aws_access_key_created.yml", include_str!("../../../content/rules/aws_access_key_created.yml")),
    ("aws_admin_policy_attached.yml", include_str!("../../../content/rules/aws_admin_policy_attached.yml")),
    ("aws_bucket_opened.yml", include_str!("../../../content/rules/aws_bucket_opened.yml")),
    ("aws_console_failures.yml", include_str!("../../../content/rules/aws_console_failures.yml")),
    (
        "aws_console_login_without_mfa.yml",
        include_str!("../../../content/rules/aws_console_login_without_mfa.yml"),
    ),
    ("aws_guardduty_disabled.yml", include_str!("../../../content/rules/aws_guardduty_disabled.yml")),
    (
        "aws_key_scheduled_for_deletion.yml",
        include_str!("../../../content/rules/aws_key_scheduled_for_deletion.yml"),
    ),
    (
        "aws_logons_from_many_places.yml",
        include_str!("../../../content/rules/aws_logons_from_many_places.yml"),
    ),
    ("aws_root_console_login.yml", include_str!("../../../content/rules/aws_root_console_login.yml")),
    ("aws_security_group_open.yml", include_str!("../../../content/rules/aws_security_group_open.yml")),
    ("aws_snapshot_shared.yml", include_str!("../../../content/rules/aws_snapshot_shared.yml")),
    ("aws_trail_stopped.yml", include_str!("../../../content/rules/aws_trail_stopped.yml")),
    ("lnx_cron_fetches_code.yml", include_str!("../../../content/rules/lnx_cron_fetches_code.yml")),
    ("lnx_logging_stopped.yml", include_str!("../../../content/rules/lnx_logging_stopped.yml")),
    ("lnx_root_twin_added.yml", include_str!("../../../content/rules/lnx_root_twin_added.yml")),
    ("lnx_ssh_bruteforce.yml", include_str!("../../../content/rules/lnx_ssh_bruteforce.yml")),
    ("lnx_ssh_bruteforce_success.yml", include_str!("../../../content/rules/lnx_ssh_bruteforce_success.yml")),
    ("lnx_ssh_root_login.yml", include_str!("../../../content/rules/lnx_ssh_root_login.yml")),
    ("lnx_su_root_failed.yml", include_str!("../../../content/rules/lnx_su_root_failed.yml")),
    ("lnx_sudo_refused.yml", include_str!("../../../content/rules/lnx_sudo_refused.yml")),
    ("lnx_sudo_root_shell.yml", include_str!("../../../content/rules/lnx_sudo_root_shell.yml")),
    ("lnx_user_added.yml", include_str!("../../../content/rules/lnx_user_added.yml")),
    ("net_dns_tunnel.yml", include_str!("../../../content/rules/net_dns_tunnel.yml")),
    ("net_ids_severe_alert.yml", include_str!("../../../content/rules/net_ids_severe_alert.yml")),
    ("net_old_tls.yml", include_str!("../../../content/rules/net_old_tls.yml")),
    ("web_jndi_lookup.yml", include_str!("../../../content/rules/web_jndi_lookup.yml")),
    ("web_many_not_found.yml", include_str!("../../../content/rules/web_many_not_found.yml")),
    ("web_path_traversal.yml", include_str!("../../../content/rules/web_path_traversal.yml")),
    ("web_scanner.yml", include_str!("../../../content/rules/web_scanner.yml")),
    ("web_shell_uploaded.yml", include_str!("../../../content/rules/web_shell_uploaded.yml")),
    ("web_shell_used.yml", include_str!("../../../content/rules/web_shell_used.yml")),
    ("web_sql_injection.yml", include_str!("../../../content/rules/web_sql_injection.yml")),
    ("win_audit_policy_weakened.yml", include_str!("../../../content/rules/win_audit_policy_weakened.yml")),
    ("win_backups_deleted.yml", include_str!("../../../content/rules/win_backups_deleted.yml")),
    ("win_certutil_download.yml", include_str!("../../../content/rules/win_certutil_download.yml")),
    (
        "win_defender_exclusion_added.yml",
        include_str!("../../../content/rules/win_defender_exclusion_added.yml"),
    ),
    ("win_defender_switched_off.yml", include_str!("../../../content/rules/win_defender_switched_off.yml")),
    ("win_domain_admin_added.yml", include_str!("../../../content/rules/win_domain_admin_added.yml")),
    ("win_event_log_cleared.yml", include_str!("../../../content/rules/win_event_log_cleared.yml")),
    ("win_failed_logons.yml", include_str!("../../../content/rules/win_failed_logons.yml")),
    ("win_firewall_switched_off.yml", include_str!("../../../content/rules/win_firewall_switched_off.yml")),
    ("win_hidden_account_created.yml", include_str!("../../../content/rules/win_hidden_account_created.yml")),
    ("win_kerberos_weak_ticket.yml", include_str!("../../../content/rules/win_kerberos_weak_ticket.yml")),
    ("win_local_admin_added.yml", include_str!("../../../content/rules/win_local_admin_added.yml")),
    ("win_lsass_access.yml", include_str!("../../../content/rules/win_lsass_access.yml")),
    ("win_lsass_dump_command.yml", include_str!("../../../content/rules/win_lsass_dump_command.yml")),
    ("win_office_starts_shell.yml", include_str!("../../../content/rules/win_office_starts_shell.yml")),
    (
        "win_one_account_many_machines.yml",
        include_str!("../../../content/rules/win_one_account_many_machines.yml"),
    ),
    ("win_password_spraying.yml", include_str!("../../../content/rules/win_password_spraying.yml")),
    ("win_password_store_copied.yml", include_str!("../../../content/rules/win_password_store_copied.yml")),
    (
        "win_powershell_download_and_run.yml",
        include_str!("../../../content/rules/win_powershell_download_and_run.yml"),
    ),
    ("win_powershell_encoded.yml", include_str!("../../../content/rules/win_powershell_encoded.yml")),
    ("win_psexec_service.yml", include_str!("../../../content/rules/win_psexec_service.yml")),
    (
        "win_remote_desktop_from_internet.yml",
        include_str!("../../../content/rules/win_remote_desktop_from_internet.yml"),
    ),
    ("win_run_key_user_folder.yml", include_str!("../../../content/rules/win_run_key_user_folder.yml")),
    ("win_scheduled_task_command.yml", include_str!("../../../content/rules/win_scheduled_task_command.yml")),
    (
        "win_scheduled_task_suspicious.yml",
        include_str!("../../../content/rules/win_scheduled_task_suspicious.yml"),
    ),
    ("win_security_log_cleared.yml", include_str!("../../../content/rules/win_security_log_cleared.yml")),
    ("win_service_installed.yml", include_str!("../../../content/rules/win_service_installed.yml")),
    (
        "win_service_suspicious_command.yml",
        include_str!("../../../content/rules/win_service_suspicious_command.yml"),
    ),
    ("win_wmi_starts_shell.yml", include_str!("../../../content/rules/win_wmi_starts_shell.yml")),
];

/// The shipped rule files, for [`crate::RuleSet::load`].
pub fn builtin() -> Vec<RuleFile> {
    let file = |(path, text): &(&str, &str)| RuleFile {
        path: format!("content/rules/{path}"),
        text: (*text).to_owned(),
        source: RuleSource::BuiltIn,
    };
    FILES.iter().map(file).collect()
}
