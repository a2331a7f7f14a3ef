//! OpenSSH's signatures (PROTOCOL.sshsig): made with a key file or by ssh-agent, checked as `ssh-keygen -Y verify` does.

use std::fmt;
use std::path::{Path, PathBuf};

use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::rand_core::OsRng;
use rsa::sha2::Sha512;
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use ssh_agent_client_rs::{Client, Identity};
use ssh_key::private::KeypairData;
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey, PublicKey, Signature, SshSig};
use thiserror::Error;

use crate::config;
use crate::run::sign::{KeyUsed, NAMESPACE};

/// Why something could not be signed, or why a signature is not good.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum SignError {
    #[error("could not read the key {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path} is not an OpenSSH key: {source}")]
    NoKey { path: PathBuf, source: ssh_key::Error },
    #[error("{0} needs its passphrase")]
    Passphrase(PathBuf),
    #[error("wrong passphrase for {0}")]
    WrongPassphrase(PathBuf),
    #[error("{path} contains a key of kind {algorithm}, which gonogo can't sign with: add it to ssh-agent")]
    Kind { path: PathBuf, algorithm: String },
    #[error("there is no ssh-agent: SSH_AUTH_SOCK is not set")]
    NoAgent,
    #[error("could not reach ssh-agent at {path}: {source}")]
    Agent { path: PathBuf, source: ssh_agent_client_rs::Error },
    #[error("ssh-agent has no key {0}")]
    NotThere(String),
    #[error("ssh-agent has several keys, and none was named: {0}")]
    Several(String),
    #[error("{0} did not sign: {1}")]
    NotSigned(String, String),
    #[error("not an OpenSSH signature: {0}")]
    NoSignature(ssh_key::Error),
    #[error("the signature is for \"{0}\", not for \"{NAMESPACE}\": sign with -n {NAMESPACE}")]
    Namespace(String),
    #[error("the signature does not match the statement")]
    Bad,
}

/// Something that can sign.
#[derive(Clone, PartialEq)]
pub enum Signer {
    /// A private key in a file.
    File(PathBuf, Box<PrivateKey>),
    /// A key that ssh-agent holds.
    Agent(PathBuf, Box<PublicKey>),
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({self})")
    }
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key();
        match self {
            Signer::File(path, _) => write!(f, "{} {}, {}", key.algorithm, key.fingerprint, path.display()),
            Signer::Agent(..) => write!(f, "{} {}, by ssh-agent", key.algorithm, key.fingerprint),
        }
    }
}

impl Signer {
    /// The key at `path`: a private key's file, or the public one of a key that the agent at `agent` holds.
    /// A private key that asks for a passphrase is looked for in the agent first.
    pub fn at(path: &Path, passphrase: Option<&str>, agent: Option<&Path>) -> Result<Self, SignError> {
        let read = |path: &Path| {
            let failed = |source| SignError::Read { path: path.to_owned(), source };
            config::file::text(path).map_err(failed)
        };
        let no_key = |source| SignError::NoKey { path: path.to_owned(), source };
        let text = read(path)?;
        if !text.contains("PRIVATE KEY-----") {
            let key = PublicKey::from_openssh(text.trim()).map_err(no_key)?;
            return match agent {
                Some(socket) => Self::held(socket, &key),
                None => Err(SignError::NoAgent),
            };
        }
        let key = PrivateKey::from_openssh(&text).map_err(no_key)?;
        if !key.is_encrypted() {
            return Self::file(path, key);
        }
        match passphrase {
            None => {
                let held = agent.and_then(|socket| Self::held(socket, key.public_key()).ok());
                held.ok_or_else(|| SignError::Passphrase(path.to_owned()))
            }
            Some(passphrase) => {
                let open =
                    key.decrypt(passphrase).map_err(|_| SignError::WrongPassphrase(path.to_owned()))?;
                Self::file(path, open)
            }
        }
    }

    fn file(path: &Path, key: PrivateKey) -> Result<Self, SignError> {
        match key.algorithm() {
            Algorithm::Ed25519 | Algorithm::Ecdsa { .. } | Algorithm::Rsa { .. } => {
                Ok(Self::File(path.to_owned(), Box::new(key)))
            }
            other => Err(SignError::Kind { path: path.to_owned(), algorithm: other.to_string() }),
        }
    }

    fn held(socket: &Path, key: &PublicKey) -> Result<Self, SignError> {
        let found = Self::in_agent(socket)?.into_iter().find(|s| s.key() == key_used(key.key_data()));
        found.ok_or_else(|| SignError::NotThere(key_used(key.key_data()).fingerprint))
    }

    /// The keys that the agent at a socket holds.
    pub fn in_agent(socket: &Path) -> Result<Vec<Self>, SignError> {
        let failed = |source| SignError::Agent { path: socket.to_owned(), source };
        let mut client = Client::connect(socket).map_err(failed)?;
        let all = client.list_all_identities().map_err(failed)?.into_iter();
        let keys = all.filter_map(|identity| match identity {
            Identity::PublicKey(key) => Some(Self::Agent(socket.to_owned(), Box::new(key.into_owned()))),
            Identity::Certificate(_) => None,
        });
        Ok(keys.collect())
    }

    /// Which key it is.
    pub fn key(&self) -> KeyUsed {
        match self {
            Signer::File(_, key) => key_used(key.public_key().key_data()),
            Signer::Agent(_, key) => key_used(key.key_data()),
        }
    }

    /// Signs a text; the signature as OpenSSH writes it.
    pub fn sign(&self, text: &str) -> Result<String, SignError> {
        let refused = |why: String| SignError::NotSigned(self.to_string(), why);
        let signature = match self {
            Signer::File(_, key) => by_file(key, text).map_err(|e| refused(e.to_string()))?,
            Signer::Agent(socket, key) => {
                let failed = |source| SignError::Agent { path: socket.clone(), source };
                let mut client = Client::connect(socket).map_err(failed)?;
                let data = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, text.as_bytes())
                    .map_err(|e| refused(e.to_string()))?;
                let signature = client.sign(key.as_ref(), &data).map_err(|e| refused(e.to_string()))?;
                SshSig::new(key.key_data().clone(), NAMESPACE, HashAlg::Sha512, signature)
                    .map_err(|e| refused(e.to_string()))?
            }
        };
        let pem = signature.to_pem(LineEnding::LF).map_err(|e| refused(e.to_string()))?;
        // What somebody else would not take is none: told now, and not in the morning.
        verify(text, &pem)?;
        Ok(pem)
    }
}

/// Signs with a private key.
fn by_file(key: &PrivateKey, text: &str) -> Result<SshSig, ssh_key::Error> {
    let KeypairData::Rsa(pair) = key.key_data() else {
        return key.sign(NAMESPACE, HashAlg::Sha512, text.as_bytes());
    };
    let number = |n: &ssh_key::Mpint| rsa::BigUint::try_from(n);
    let primes = vec![number(&pair.private.p)?, number(&pair.private.q)?];
    let (n, e, d) = (number(&pair.public.n)?, number(&pair.public.e)?, number(&pair.private.d)?);
    let private = RsaPrivateKey::from_components(n, e, d, primes).map_err(|_| ssh_key::Error::Crypto)?;
    let data = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, text.as_bytes())?;
    // With a random factor, so that the time it takes tells nothing of the key.
    let made = SigningKey::<Sha512>::new(private).sign_with_rng(&mut OsRng, &data);
    let algorithm = Algorithm::Rsa { hash: Some(HashAlg::Sha512) };
    let signature = Signature::new(algorithm, made.to_vec())?;
    SshSig::new(key.public_key().key_data().clone(), NAMESPACE, HashAlg::Sha512, signature)
}

fn key_used(key: &KeyData) -> KeyUsed {
    KeyUsed {
        algorithm: key.algorithm().to_string(),
        fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
    }
}

/// A signature that fits its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Good {
    /// The key it was made with.
    pub key: KeyUsed,
    /// The same as a line of a file of public keys.
    pub public: PublicKey,
}

/// Checks a signature over a text; by which key it was made is for the caller to believe or not.
pub fn verify(text: &str, signature: &str) -> Result<Good, SignError> {
    let signature = SshSig::from_pem(signature.trim_start()).map_err(SignError::NoSignature)?;
    if signature.namespace() != NAMESPACE {
        return Err(SignError::Namespace(signature.namespace().to_owned()));
    }
    let public = PublicKey::from(signature.public_key().clone());
    public.verify(NAMESPACE, text.as_bytes(), &signature).map_err(|_| SignError::Bad)?;
    Ok(Good { key: key_used(signature.public_key()), public })
}

/// The key that somebody signs with, where they did not say that they do so without: the one they name, else the only
/// one that the agent holds. Nothing where there is neither.
pub fn find(
    key: Option<&Path>,
    passphrase: Option<&str>,
    agent: Option<&Path>,
) -> Result<Option<Signer>, SignError> {
    if let Some(path) = key {
        return Signer::at(path, passphrase, agent).map(Some);
    }
    let Some(socket) = agent else { return Ok(None) };
    let mut held = Signer::in_agent(socket)?;
    if held.len() > 1 {
        return Err(SignError::Several(
            held.iter().map(|s| s.key().fingerprint).collect::<Vec<_>>().join(", "),
        ));
    }
    Ok(held.pop())
}

/// Where this login's agent listens: `SSH_AUTH_SOCK`.
pub fn agent() -> Option<PathBuf> {
    std::env::var_os("SSH_AUTH_SOCK").filter(|s| !s.is_empty()).map(PathBuf::from)
}
