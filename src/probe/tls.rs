//! TLS: verification by the system's roots, and the one exception, which is said where it is used.

use std::sync::{Arc, Once, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// The one provider of this process.
pub(super) fn provider() -> Arc<CryptoProvider> {
    static ONCE: Once = Once::new();
    // Somebody may have installed one before us; then that one counts.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    CryptoProvider::get_default()
        .map_or_else(|| Arc::new(rustls::crypto::ring::default_provider()), Arc::clone)
}

/// Verification by the system's roots, which are read once; why there is none.
pub(super) fn by_roots() -> Result<ClientConfig, String> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    let roots = match ROOTS.get() {
        Some(roots) => Arc::clone(roots),
        None => {
            let mut found = RootCertStore::empty();
            // A certificate that can't be read proves nobody, and the others do.
            let _ignored = found.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if found.is_empty() {
                return Err("no root certificates".into());
            }
            Arc::clone(ROOTS.get_or_init(|| Arc::new(found)))
        }
    };
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// A connection that is encrypted while nobody proves who is at the other end: what libpq's `prefer` does, for
/// servers on this machine only.
pub(super) fn unverified() -> Result<ClientConfig, Error> {
    let provider = provider();
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        .with_no_client_auth();
    Ok(config)
}

#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Days until a certificate (DER) is no longer valid.
pub(super) fn days_left(der: &[u8], now: chrono::DateTime<chrono::Utc>) -> Option<f64> {
    let certificate = Certificate::from_der(der).ok()?;
    let until = certificate.tbs_certificate.validity.not_after.to_unix_duration().as_secs() as i64;
    Some((until - now.timestamp()) as f64 / 86_400.0)
}
