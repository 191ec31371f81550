//! Probes: a real connection or datagram for each, all at once.

use super::{LONG_PATIENCE, Outcome, PATIENCE, Row, STACK, rows};
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use std::io::{self, Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// After this time without an answer a datagram is sent again.
const AGAIN: Duration = Duration::from_millis(400);

/// How long an answer is waited for. Where one is expected, silence counts only when it is long beyond doubt: a
/// machine with too much to do may take its time. Where none is expected, most probes wait in vain.
fn patience(row: &Row) -> Duration {
    if row.answered == "yes" {
        LONG_PATIENCE
    } else {
        PATIENCE
    }
}

pub(super) fn probe(path: &Path, name: &str, out: &mut impl Write) -> io::Result<Outcome> {
    let own: Vec<Row> = rows(path)?
        .into_iter()
        .filter(|row| row.from == name)
        .collect();
    let told: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = own
            .iter()
            .map(|row| {
                let builder = thread::Builder::new().stack_size(STACK);
                builder.spawn_scoped(scope, move || told(row))
            })
            .collect();
        let joined = running.into_iter().map(|thread| {
            let thread = thread?;
            thread
                .join()
                .map_err(|_| io::Error::other("a probe broke down"))
        });
        joined.collect::<io::Result<_>>()
    })?;
    told.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    out.flush()?;
    Ok(Outcome::Done)
}

/// `id,yes,WHERE,SOURCE,DESTINATION` as the one who answered saw it, or `id,no,WHY,,`.
fn told(row: &Row) -> String {
    let outcome = if row.tcp { connect(row) } else { send(row) };
    match outcome {
        // A connection that came about and told nothing is one all the same.
        Ok(answer) if answer.trim().is_empty() => format!("{},yes,,,", row.id),
        Ok(answer) => format!("{},yes,{}", row.id, answer.trim()),
        Err(error) => {
            let why = error.to_string().replace([',', '\n'], ";");
            format!("{},no,{why},,", row.id)
        }
    }
}

fn connect(row: &Row) -> io::Result<String> {
    let domain = Domain::for_address(row.source);
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.bind(&SockAddr::from(row.source))?;
    socket.connect_timeout(&SockAddr::from(row.destination), patience(row))?;
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(Duration::from_millis(500)))?;
    let mut room = [0; 256];
    let length = stream.read(&mut room).unwrap_or(0);
    Ok(String::from_utf8_lossy(&room[..length]).into_owned())
}

fn send(row: &Row) -> io::Result<String> {
    let socket = UdpSocket::bind(row.source)?;
    socket.connect(row.destination)?;
    socket.set_read_timeout(Some(AGAIN))?;
    let begun = Instant::now();
    loop {
        let mut room = [0; 256];
        let sent = socket.send(row.id.to_string().as_bytes());
        match sent.and_then(|_| socket.recv(&mut room)) {
            Ok(length) => return Ok(String::from_utf8_lossy(&room[..length]).into_owned()),
            Err(error) if begun.elapsed() >= patience(row) => return Err(error),
            // Refused at once: nothing is gained by haste.
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => thread::sleep(AGAIN),
            Err(_) => {}
        }
    }
}
