use proptest::prelude::*;

use super::*;

/// Address, and the narrowest egress that allows it.
const TABLE: &[(&str, Option<Egress>)] = &[
    // Public, and the neighbours of every network that is not.
    ("1.1.1.1", Some(Egress::Public)),
    ("9.255.255.255", Some(Egress::Public)),
    ("11.0.0.0", Some(Egress::Public)),
    ("100.63.255.255", Some(Egress::Public)),
    ("100.128.0.0", Some(Egress::Public)),
    ("126.255.255.255", Some(Egress::Public)),
    ("128.0.0.0", Some(Egress::Public)),
    ("169.253.255.255", Some(Egress::Public)),
    ("169.255.0.0", Some(Egress::Public)),
    ("172.15.255.255", Some(Egress::Public)),
    ("172.32.0.0", Some(Egress::Public)),
    ("192.0.1.0", Some(Egress::Public)),
    ("192.167.255.255", Some(Egress::Public)),
    ("192.169.0.0", Some(Egress::Public)),
    ("198.17.255.255", Some(Egress::Public)),
    ("198.20.0.0", Some(Egress::Public)),
    ("223.255.255.255", Some(Egress::Public)),
    ("2606:4700::1111", Some(Egress::Public)),
    ("2001:200::", Some(Egress::Public)),
    ("2001:db9::", Some(Egress::Public)),
    // Private: RFC 1918 and unique local.
    ("10.0.0.0", Some(Egress::Private)),
    ("10.255.255.255", Some(Egress::Private)),
    ("172.16.0.0", Some(Egress::Private)),
    ("172.31.255.255", Some(Egress::Private)),
    ("192.168.0.0", Some(Egress::Private)),
    ("192.168.255.255", Some(Egress::Private)),
    ("fc00::1", Some(Egress::Private)),
    ("fdff:ffff::1", Some(Egress::Private)),
    // Loopback and shared space.
    ("127.0.0.1", Some(Egress::Any)),
    ("127.255.255.255", Some(Egress::Any)),
    ("::1", Some(Egress::Any)),
    ("100.64.0.0", Some(Egress::Any)),
    ("100.127.255.255", Some(Egress::Any)),
    // Never.
    ("0.0.0.0", None),
    ("0.255.255.255", None),
    ("169.254.0.0", None),
    ("169.254.169.254", None),
    ("169.254.255.255", None),
    ("192.0.0.192", None),
    ("192.0.2.1", None),
    ("192.88.99.1", None),
    ("198.18.0.1", None),
    ("198.19.255.255", None),
    ("198.51.100.1", None),
    ("203.0.113.1", None),
    ("224.0.0.1", None),
    ("239.255.255.255", None),
    ("240.0.0.1", None),
    ("255.255.255.255", None),
    ("100.100.100.200", None),
    ("168.63.129.16", None),
    ("::", None),
    ("fe80::1", None),
    ("febf::1", None),
    ("fec0::1", None),
    ("ff02::1", None),
    ("fd00:ec2::254", None),
    ("fd20:ce::254", None),
    ("fd00:42::42", None),
    ("100::1", None),
    ("2001::1", None),
    ("2001:20::1", None),
    ("2001:db8::1", None),
    ("3fff::1", None),
    ("5f00::1", None),
    // An IPv4 address in an IPv6 one counts as what it holds.
    ("::ffff:1.1.1.1", Some(Egress::Public)),
    ("::ffff:10.0.0.1", Some(Egress::Private)),
    ("::ffff:127.0.0.1", Some(Egress::Any)),
    ("::ffff:169.254.169.254", None),
    ("64:ff9b::1.1.1.1", Some(Egress::Public)),
    ("64:ff9b::10.0.0.1", Some(Egress::Private)),
    ("64:ff9b::127.0.0.1", Some(Egress::Any)),
    ("64:ff9b::a9fe:a9fe", None),
    ("2002:101:101::1", Some(Egress::Public)),
    ("2002:a00:1::1", Some(Egress::Private)),
    ("2002:7f00:1::1", Some(Egress::Any)),
    ("2002:a9fe:a9fe::1", None),
    // Forms whose inner address can't be known, or that nobody routes.
    ("64:ff9b:1::1.1.1.1", None),
    ("64:ff9b:0:1::1.1.1.1", None),
    ("::1.1.1.1", None),
    ("::127.0.0.1", None),
    ("::ffff:0:127.0.0.1", None),
];

const EVERY_EGRESS: [Egress; 3] = [Egress::Public, Egress::Private, Egress::Any];

#[test]
fn every_kind_of_address_is_judged() {
    for (text, needed) in TABLE {
        let ip: IpAddr = text.parse().unwrap();
        assert_eq!(needs(ip), *needed, "{text}");
        for egress in EVERY_EGRESS {
            assert_eq!(allowed(ip, egress), needed.is_some_and(|needed| needed <= egress), "{text} with {egress:?}");
        }
    }
}

#[test]
fn every_spelling_of_an_address_in_a_url_is_found() {
    let private =
        ["10.0.0.1", "0xa000001", "012.0.0.1", "167772161", "10.1", "10.0.0.1.", "[::ffff:a00:1]", "[fc00::1]", "[64:ff9b::a00:1]"];
    for host in private {
        for scheme in ["http", "https"] {
            let url = Url::parse(&format!("{scheme}://{host}:5000/v2/")).unwrap();
            let refused = check_url(&url, Egress::Public).expect_err(host);
            assert_eq!(refused.needs, Some(Egress::Private), "{host}");
            assert_eq!(check_url(&url, Egress::Private), Ok(()), "{host}");
        }
    }
}

#[test]
fn a_url_of_another_scheme_hides_no_address() {
    assert!(check_url(&Url::parse("other://127.0.0.1/").unwrap(), Egress::Private).is_err());
    assert!(check_url(&Url::parse("data:text/plain,x").unwrap(), Egress::Any).is_err());
}

#[test]
fn names_pass_until_they_are_resolved() {
    assert_eq!(check_url(&Url::parse("https://registry.example.com/v2/").unwrap(), Egress::Public), Ok(()));
}

#[test]
fn of_a_names_addresses_the_allowed_ones_are_kept() {
    let addresses = |list: &[&str]| list.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect::<Vec<_>>();
    let mixed = addresses(&["10.0.0.1", "1.1.1.1", "::1", "2606:4700::1111"]);
    assert_eq!(keep_allowed("h", mixed.clone(), Egress::Public), Ok(addresses(&["1.1.1.1", "2606:4700::1111"])));
    assert_eq!(keep_allowed("h", mixed.clone(), Egress::Any), Ok(mixed));
}

#[test]
fn a_name_without_an_allowed_address_says_what_it_needs() {
    let refusal = |list: &[&str]| {
        let found = list.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect();
        keep_allowed("h", found, Egress::Public).expect_err("refused")
    };
    let refused = |needs| LookupError::Refused(Refused { host: "h".into(), needs });
    assert_eq!(refusal(&["127.0.0.1", "10.0.0.1"]), refused(Some(Egress::Private)));
    assert_eq!(refusal(&["127.0.0.1", "169.254.169.254"]), refused(Some(Egress::Any)));
    assert_eq!(refusal(&["169.254.169.254"]), refused(None));
    assert_eq!(refusal(&[]), LookupError::NotFound { host: "h".into() });
}

#[tokio::test]
async fn the_resolver_refuses_localhost_to_the_public_egress() {
    let look_up = |egress| Resolver::new(egress).resolve("localhost".parse().unwrap());
    let error = look_up(Egress::Public).await.err().expect("refused");
    assert_eq!(
        error.downcast_ref::<LookupError>(),
        Some(&LookupError::Refused(Refused { host: "localhost".into(), needs: Some(Egress::Any) }))
    );
    assert!(look_up(Egress::Any).await.unwrap().all(|address| address.ip().is_loopback()));
}

#[tokio::test]
async fn a_name_is_judged_by_each_answer_anew() {
    let answers = std::sync::Mutex::new(vec!["127.0.0.1", "1.1.1.1"]);
    let resolver = Resolver::over(Egress::Public, move |_| {
        let answer = answers.lock().unwrap().pop().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0));
        Box::pin(async move { answer.map(|address| vec![address]).ok_or(io::ErrorKind::NotFound.into()) })
    });
    let resolve = || resolver.resolve("rebinding.test".parse().unwrap());
    assert_eq!(resolve().await.unwrap().map(|address| address.ip().to_string()).collect::<Vec<_>>(), ["1.1.1.1"]);
    let host = || "rebinding.test".to_owned();
    let refused = resolve().await.err().expect("refused");
    assert_eq!(refused.downcast_ref::<LookupError>(), Some(&LookupError::Refused(Refused { host: host(), needs: Some(Egress::Any) })));
    let lost = resolve().await.err().expect("not found");
    assert_eq!(lost.downcast_ref::<LookupError>(), Some(&LookupError::NotFound { host: host() }));
}

proptest! {
    /// A wider egress never forbids what a narrower one allows.
    #[test]
    fn wider_allows_more(bits: u128, v4: bool) {
        let ip = if v4 { IpAddr::V4(Ipv4Addr::from(bits as u32)) } else { IpAddr::V6(Ipv6Addr::from(bits)) };
        for pair in EVERY_EGRESS.windows(2) {
            prop_assert!(!allowed(ip, pair[0]) || allowed(ip, pair[1]));
        }
    }

    /// No way of writing an IPv4 address as IPv6 widens what it may reach.
    #[test]
    fn embedding_changes_nothing(bits: u32, tail: u64) {
        let [a, b, c, d] = bits.to_be_bytes();
        let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        let plain = needs(IpAddr::V4(Ipv4Addr::from(bits)));
        let tail = tail.to_be_bytes();
        let mut six_to_four = [0; 16];
        six_to_four[..6].copy_from_slice(&[0x20, 0x02, a, b, c, d]);
        six_to_four[8..].copy_from_slice(&tail);
        for ip in [
            Ipv4Addr::from(bits).to_ipv6_mapped(),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
            Ipv6Addr::from(six_to_four),
        ] {
            prop_assert_eq!(needs(IpAddr::V6(ip)), plain);
        }
    }

    /// Link-local, multicast and this network are out of reach whatever is set.
    #[test]
    fn never_means_never(bits: u32, segment in 0xfe80..0xfec0u16, tail: [u16; 7]) {
        let [_, b, c, d] = bits.to_be_bytes();
        let [s1, s2, s3, s4, s5, s6, s7] = tail;
        for ip in [
            IpAddr::from([0, b, c, d]),
            IpAddr::from([169, 254, c, d]),
            IpAddr::from([224 | (b & 0x1f), b, c, d]),
            IpAddr::from([segment, s1, s2, s3, s4, s5, s6, s7]),
            IpAddr::from([0xff00 | (segment & 0xff), s1, s2, s3, s4, s5, s6, s7]),
        ] {
            prop_assert!(!allowed(ip, Egress::Any), "{}", ip);
        }
    }

    /// A URL with an address is judged as the address itself.
    #[test]
    fn urls_agree_with_addresses(bits: u128, v4: bool) {
        let (ip, host) = if v4 {
            let ip = Ipv4Addr::from(bits as u32);
            (IpAddr::V4(ip), format!("{}", bits as u32))
        } else {
            let ip = Ipv6Addr::from(bits);
            (IpAddr::V6(ip), format!("[{ip}]"))
        };
        let url = Url::parse(&format!("https://{host}/")).unwrap();
        for egress in EVERY_EGRESS {
            prop_assert_eq!(check_url(&url, egress).is_ok(), allowed(ip, egress));
        }
    }
}
