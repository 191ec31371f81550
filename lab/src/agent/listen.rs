//! Listeners: whoever connects or sends a datagram is told where it arrived and with which header.

use super::{Outcome, STACK, read, wrong};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::sync::Mutex;
use std::thread;

/// A socket to be served.
enum Ear {
    Tcp(TcpListener),
    Udp(UdpSocket),
}

pub(super) fn listen(
    file: &Path,
    ready: &Path,
    out: &mut (impl Write + Send),
) -> io::Result<Outcome> {
    let text = read(file)?;
    let mut lines = text.lines();
    let name = lines.next().and_then(|line| line.strip_prefix("name "));
    let name = name.ok_or_else(|| wrong(format!("{}:1: no name", file.display())))?;
    let mut ears = Vec::new();
    let mut streams = BTreeSet::new();
    for (number, line) in (2..).zip(lines) {
        let number: usize = number;
        let words: Vec<&str> = line.split(' ').collect();
        let port = words.last().and_then(|port| port.parse::<u16>().ok());
        let address = words
            .get(1)
            .and_then(|address| address.parse::<IpAddr>().ok());
        match (words.first(), address, port) {
            // One listener hears for every address; it is told which one was meant.
            (Some(&"tcp"), Some(_), Some(port)) => {
                if streams.insert(port) {
                    ears.push(Ear::Tcp(stream(port)?));
                }
            }
            (Some(&"udp"), Some(address), Some(port)) => {
                ears.push(Ear::Udp(datagram(SocketAddr::new(address, port))?));
            }
            _ => {
                return Err(wrong(format!(
                    "{}:{number}: not a listener",
                    file.display()
                )));
            }
        }
    }
    std::fs::write(ready, "")?;
    let out = Mutex::new(out);
    thread::scope(|scope| {
        for ear in &ears {
            let out = &out;
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, move || match ear {
                    Ear::Tcp(socket) => connections(name, socket),
                    Ear::Udp(socket) => datagrams(name, socket, out),
                })?;
        }
        Ok(Outcome::Done)
    })
}

/// A listener on both families, or on IPv4 where there is no other.
fn stream(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv6Addr::UNSPECIFIED, port))
        .or_else(|_| TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)))
        .map_err(|error| io::Error::new(error.kind(), format!("tcp {port}: {error}")))
}

fn datagram(at: SocketAddr) -> io::Result<UdpSocket> {
    UdpSocket::bind(at).map_err(|error| io::Error::new(error.kind(), format!("udp {at}: {error}")))
}

/// An address as people write it, not IPv4 inside IPv6.
fn plain(at: SocketAddr) -> SocketAddr {
    SocketAddr::new(at.ip().to_canonical(), at.port())
}

fn connections(name: &str, socket: &TcpListener) {
    loop {
        // Somebody who went away again, or no room for one more: the next one may fare better.
        let Ok((mut stream, peer)) = socket.accept() else {
            continue;
        };
        if let Ok(own) = stream.local_addr() {
            let _ = writeln!(stream, "{name},{},{}", plain(peer), plain(own));
        }
    }
}

fn datagrams<W: Write>(name: &str, socket: &UdpSocket, out: &Mutex<W>) {
    let Ok(own) = socket.local_addr() else { return };
    let mut room = [0; 64];
    loop {
        let Ok((length, peer)) = socket.recv_from(&mut room) else {
            continue;
        };
        let id = String::from_utf8_lossy(&room[..length]).into_owned();
        if let Ok(mut out) = out.lock() {
            let _ = writeln!(out, "{id},{name},{peer},{own}").and_then(|()| out.flush());
        }
        let _ = socket.send_to(format!("{name},{peer},{own}\n").as_bytes(), peer);
    }
}
