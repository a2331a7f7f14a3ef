//! A connection to a port, from here or over the way to another host.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

use super::vantage::{Reach, Target};
use super::words::unreached;
use crate::run::health::{Reason, Unseen};

/// Bytes both ways.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Connects.
pub(super) async fn open(
    (host, port): (&str, u16),
    reach: Option<&Arc<dyn Reach>>,
) -> Result<Box<dyn Stream>, Unseen> {
    let Some(reach) = reach else {
        let stream = TcpStream::connect((host, port)).await;
        return match stream {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(unreached(&error, &format!("{host}:{port}"))),
        };
    };
    let target = Target::Port(host.to_owned(), port);
    let lead = reach.lead(target.clone()).await.map_err(|why| Unseen::new(Reason::NoWay, why))?;
    match UnixStream::connect(lead).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(unreached(&error, &format!("{host}:{port} from {}", reach.host()))),
    }
}

/// Why a connection over the way to another host ended: the way itself takes every connection.
pub(super) async fn ended((host, port): (&str, u16), reach: Option<&Arc<dyn Reach>>) -> Unseen {
    let Some(reach) = reach else {
        return Unseen::new(Reason::Refused, format!("{host}:{port} ended the connection"));
    };
    match reach.why(Target::Port(host.to_owned(), port)).await {
        Some(why) => {
            let kind = if why.contains("refused") { Reason::Refused } else { Reason::NoWay };
            Unseen::new(kind, format!("could not reach {host}:{port} from {}: {why}", reach.host()))
        }
        None => Unseen::new(Reason::Refused, format!("{host}:{port} ended the connection")),
    }
}
