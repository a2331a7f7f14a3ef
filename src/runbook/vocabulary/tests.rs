use super::*;

#[test]
fn roles_in_many_phrasings_and_languages() {
    for (title, wanted) in [
        ("🚨 Rollback Procedure", Role::Rollback),
        ("How to roll back", Role::Rollback),
        ("Emergency Rollback", Role::Rollback),
        ("Retour arrière", Role::Rollback),
        ("Reversão", Role::Rollback),
        ("五、回滚方案", Role::Rollback),
        ("롤백", Role::Rollback),
        ("Prepare Rollback", Role::Other),
        ("2. 緊急回滾", Role::Rollback),
        ("Wycofanie zmian", Role::Rollback),
        ("Geri alma", Role::Rollback),
        ("Hoàn tác", Role::Rollback),
        ("Порядок отката", Role::Rollback),
        ("If it goes wrong", Role::Rollback),
        ("Plan B", Role::Rollback),
        ("Restore from Backup", Role::Recovery),
        ("Wiederherstellung aus dem Backup", Role::Recovery),
        ("從備份還原", Role::Recovery),
        ("Restore traffic", Role::Other),
        ("Verify the restore", Role::Other),
        ("Environment teardown", Role::Teardown),
        ("Désinstallation", Role::Teardown),
        ("Odinstalowanie", Role::Teardown),
        ("Delete the old container", Role::Other),
        ("環境清理", Role::Teardown),
        ("Emergency Procedures", Role::Troubleshooting),
        ("故障排查", Role::Troubleshooting),
        ("Solución de problemas", Role::Troubleshooting),
        ("Emergency Contacts", Role::Contacts),
        ("Pre-Deployment Checklist", Role::Checklist),
        ("Prérequis", Role::Checklist),
        ("Deployment Steps", Role::Steps),
        ("部署步骤", Role::Steps),
        ("Pasos del despliegue", Role::Steps),
        ("Next Steps", Role::Other),
        ("Verification Steps", Role::Other),
        ("Clean Slate", Role::Other),
        ("External Resources", Role::Other),
        ("Debugging with Deployment Logs", Role::Other),
        ("🚀 Deployment", Role::Steps),
        ("Related Documentation", Role::References),
        ("Sign-off", Role::LogTemplate),
    ] {
        assert_eq!(role(title), wanted, "{title}");
    }
    assert_eq!(way("Option A: with Docker").as_deref(), Some("Option A: with Docker"));
    assert_eq!(way("Method 2 - by hand").as_deref(), Some("Method 2 - by hand"));
    assert!(
        way("方案一：容器").is_some() && way("Optional: tidy").is_none() && way("Option parsing").is_none()
    );
}
