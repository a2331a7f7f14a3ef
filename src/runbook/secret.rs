//! What is secret by its name, or by what it stands behind.

/// Whether a name says that its value is secret.
pub fn is_secret_name(name: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const SECRETS: &[&str] = &[
        "password", "passwd", "passphrase", "pgpass", "secret", "token", "api_key", "apikey", "private_key", "credential", "access_key",
        "passwort", "kennwort", "schlüssel", "schluessel", "geheim", "mot_de_passe", "motdepasse", "jeton", "contraseña", "contrasena",
        "clave", "senha", "segredo", "secreto", "segreto", "parola", "hasło", "haslo", "пароль", "паролю", "секрет", "токен", "şifre", "sifre",
        "mật_khẩu", "mat_khau", "wachtwoord", "geheim", "kata_sandi", "katasandi", "密码", "密碼", "口令", "令牌", "密钥", "密鑰", "パスワード",
        "トークン", "シークレット", "비밀번호", "암호", "토큰",
    ];
    let lower = name.to_lowercase().replace([' ', '-'], "_");
    SECRETS.iter().any(|word| lower.contains(word))
        || lower == "pwd"
        || lower.ends_with("_pwd")
        || lower.ends_with("_pass")
}

/// Whether what begins at a byte is what a secret is set to, whatever it is called: behind `DB_PASSWORD=`, `--token`,
/// `mysql -p`.
pub(super) fn stands_for_secret(text: &str, at: usize) -> bool {
    let line = text.get(..at).and_then(|head| head.rsplit('\n').next()).unwrap_or("");
    let bare = line.trim_end_matches(['"', '\'']);
    let ahead = bare.trim_end_matches([' ', '=', ':']);
    let key = ahead.rsplit(|c: char| !c.is_alphanumeric() && !"_-.".contains(c)).next().unwrap_or("");
    let name = key.trim_start_matches('-').to_lowercase().replace(['-', '.'], "_");
    let sets = bare.ends_with(['=', ':'])
        || bare.trim_end().ends_with(':')
        || key.starts_with("--")
        || bare.len() < line.len() && name == "password";
    let last = name.rsplit('_').next().unwrap_or("");
    let secret = is_secret_name(&name) && (is_secret_name(last) || last == "key") || last == "pass";
    let typed: Vec<&str> = line.split(['|', ';', '&']).next_back().unwrap_or("").split_whitespace().collect();
    let by_letter = match key {
        "-p" => [
            "mysql",
            "mysqldump",
            "mysqladmin",
            "mariadb",
            "mariadb-dump",
            "sshpass",
            "login",
            "mongo",
            "mongosh",
            "mongodump",
        ]
        .iter()
        .any(|program| typed.contains(program)),
        "-a" => typed.contains(&"redis-cli"),
        _ => false,
    };
    sets && secret || by_letter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_names() {
        assert!(
            is_secret_name("POSTGRES_PASSWORD")
                && is_secret_name("API_TOKEN")
                && !is_secret_name("BACKUP_FILE")
        );
        for name in [
            "mot de passe",
            "contraseña",
            "пароль",
            "Passwort",
            "сгенерированный секрет",
            "CLAVE_SEGURA_AQUI",
            "密码",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn what_a_secret_is_set_to() {
        for text in [
            "shopctl login --password ",
            "DB_PASSWORD=",
            "mysql -u root -p",
            "  POSTGRES_PASSWORD: ",
            "export API_TOKEN=\"",
            "redis-cli -a ",
            "API_KEY=",
            "docker login -u shop -p ",
        ] {
            assert!(stands_for_secret(text, text.len()), "{text}");
        }
        for text in
            ["mkdir -p ", "ssh -p ", "kubectl delete secret ", "--token-file ", "SECRET_NAME=", "HOST=", ""]
        {
            assert!(!stands_for_secret(text, text.len()), "{text}");
        }
    }
}
