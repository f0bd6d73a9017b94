//! Images are checked against the limits of the service before they are sent.

use std::error::Error;
use std::fs;

use clovastudio::image::{Image, ImageError};

const MAX_BYTES: usize = 20 * 1024 * 1024;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x02\0\0\0");
    bytes
}

/// A bitmap with the header that all programs of today write.
fn bmp(width: i32, height: i32) -> Vec<u8> {
    let mut bytes = b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend(b"\x01\0\x18\0");
    bytes
}

/// A bitmap with the 12 bytes of header that there were at first.
fn old_bmp(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"BM\x1e\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend(b"\x01\0\x18\0");
    bytes
}

fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xFF\xC0\0\x11\x08".to_vec();
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend(b"\x03\x01\x22\0");
    bytes
}

fn lossy_webp(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"RIFF\x20\0\0\0WEBPVP8 \x14\0\0\0\x30\x01\0\x9d\x01\x2a".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes
}

fn lossless_webp(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"RIFF\x20\0\0\0WEBPVP8L\x14\0\0\0\x2f".to_vec();
    bytes.extend(((width - 1) | (height - 1) << 14).to_le_bytes());
    bytes
}

fn extended_webp(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
    bytes.extend(&(width - 1).to_le_bytes()[..3]);
    bytes.extend(&(height - 1).to_le_bytes()[..3]);
    bytes
}

fn debug(image: Result<Image, ImageError>) -> String {
    format!("{:?}", image.expect("the image is within the limits"))
}

fn error(image: Result<Image, ImageError>) -> ImageError {
    image.expect_err("the image is past a limit")
}

#[test]
fn formats_and_sides_are_recognized() {
    let images = [
        (png(640, 480), "PNG"),
        (bmp(640, 480), "BMP"),
        (bmp(640, -480), "BMP"),
        (old_bmp(640, 480), "BMP"),
        (jpeg(640, 480), "JPEG"),
        (lossy_webp(640, 480), "WEBP"),
        (lossless_webp(640, 480), "WEBP"),
        (extended_webp(640, 480), "WEBP"),
    ];
    for (bytes, format) in images {
        let expected = format!("Image({format}, 640 x 480 px, {} bytes)", bytes.len());
        assert_eq!(debug(Image::bytes(&bytes)), expected);
    }
}

#[test]
fn formats_that_the_service_does_not_take_are_named() {
    let images: [(&[u8], Option<&str>); 6] = [
        (b"GIF89a\x10\0\x10\0\0\0\0", Some("GIF")),
        (b"II\x2a\0\x08\0\0\0\0\0\0\0", Some("TIFF")),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Some("HEIF")),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", Some("AVIF")),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"BM", None),
    ];
    for (bytes, expected) in images {
        let ImageError::Format { found, allowed } = error(Image::bytes(bytes)) else { panic!("{expected:?}") };
        assert_eq!(found, expected);
        assert_eq!(allowed, ["BMP", "PNG", "JPG", "JPEG", "WEBP"]);
    }
    assert_eq!(
        error(Image::bytes(b"GIF89a\x10\0\x10\0\0\0\0")).to_string(),
        "the image is GIF, allowed are BMP, PNG, JPG, JPEG, WEBP"
    );
}

#[test]
fn data_that_does_not_tell_its_sides_is_refused() {
    let whole = jpeg(640, 480);
    for bytes in [&whole[..24], &png(640, 480)[..20], b"\xFF\xD8\xFF\xE0\0\x02 no marker"] {
        assert!(matches!(error(Image::bytes(bytes)), ImageError::Unmeasured { .. }), "{bytes:?}");
    }
}

#[test]
fn sides_have_limits() {
    for (width, height) in [(4, 4), (4, 20), (20, 4), (2240, 2240), (2240, 448), (448, 2240)] {
        Image::bytes(&png(width, height)).expect("the image is within the limits");
    }
    for (width, height, side) in [(2241, 1000, 2241), (1000, 2241, 2241), (u32::MAX, u32::MAX, u32::MAX)] {
        let ImageError::TooLarge { found, limit: 2240 } = error(Image::bytes(&png(width, height))) else { panic!() };
        assert_eq!(found, side);
    }
    for (width, height, side) in [(3, 4, 3), (4, 3, 3), (0, 0, 0), (2240, 3, 3)] {
        let ImageError::TooSmall { found, limit: 4 } = error(Image::bytes(&png(width, height))) else { panic!() };
        assert_eq!(found, side);
    }
    for (width, height) in [(21, 4), (4, 21), (2240, 447)] {
        let ImageError::TooNarrow { width: wide, height: high, limit: 5 } = error(Image::bytes(&png(width, height)))
        else {
            panic!()
        };
        assert_eq!((wide, high), (width, height));
    }
    assert_eq!(
        error(Image::bytes(&png(4, 21))).to_string(),
        "the sides of the image are 4 and 21 pixels, at most 1:5 or 5:1 is allowed"
    );
}

#[test]
fn bytes_have_limits() {
    assert!(matches!(error(Image::bytes(b"")), ImageError::Empty));
    let mut bytes = png(640, 480);
    bytes.resize(MAX_BYTES, 0);
    Image::bytes(&bytes).expect("the image is within the limits");
    bytes.push(0);
    let error = error(Image::bytes(&bytes));
    assert!(matches!(error, ImageError::TooManyBytes { found: 20_971_521, limit: 20_971_520 }));
    assert_eq!(error.to_string(), "the image has 20971521 bytes, at most 20971520 are allowed");
}

#[test]
fn files_are_read_and_checked() {
    let folder = std::env::temp_dir().join(format!("clovastudio-image-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).expect("the file can be written");
        path
    };
    // The extension does not count.
    let small = file("small.gif", &png(640, 480));
    assert_eq!(debug(Image::file(small)), "Image(PNG, 640 x 480 px, 29 bytes)");

    let empty = file("empty.png", b"");
    assert!(matches!(error(Image::file(empty)), ImageError::Empty));

    let large = file("large.png", b"");
    fs::File::options().write(true).open(&large).and_then(|it| it.set_len(1 << 30)).expect("the file can be sparse");
    assert!(matches!(error(Image::file(large)), ImageError::TooManyBytes { found: 0x4000_0000, .. }));

    let path = folder.join("missing.png");
    let missing = error(Image::file(&path));
    assert!(missing.to_string().ends_with("missing.png cannot be read"), "{missing}");
    assert_eq!(missing.source().map(ToString::to_string), fs::read(&path).err().map(|error| error.to_string()));
    assert!(matches!(error(Image::file(&folder)), ImageError::File { .. }));
    fs::remove_dir_all(folder).expect("the folder can be removed");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_without_an_end_is_given_up() {
    let found = error(Image::file("/dev/zero"));
    assert!(matches!(found, ImageError::TooManyBytes { found: 20_971_521, .. }), "{found}");
}

#[test]
fn addresses_are_of_the_web() {
    for url in ["https://example.com/a.png", "HTTP://example.com:8080/a.png?b#c"] {
        assert_eq!(debug(Image::url(url)), "Image(Url)");
    }
    for url in ["a.png", "/secret/a.png", "https://", "https://secret host/a.png", ""] {
        let error = error(Image::url(url));
        assert!(matches!(error, ImageError::Url { .. }), "{url}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    }
    for (url, scheme) in [("ftp://example.com/a.png", "ftp"), ("data:image/png;base64,secret", "data")] {
        let error = error(Image::url(url));
        assert!(matches!(&error, ImageError::Scheme { found } if found == scheme), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    }
}

#[test]
fn debug_shows_neither_address_nor_data() {
    let image = Image::url("https://example.com/secret.png").expect("the address is valid");
    assert_eq!(format!("{image:?}"), "Image(Url)");
    let image = Image::base64_unchecked("c2VjcmV0");
    assert_eq!(format!("{image:?}"), "Image(unchecked, 8 characters of Base64)");
}

fn part(image: Image) -> serde_json::Value {
    serde_json::to_value(clovastudio::raw::types::ContentPart::from(image)).expect("a part is JSON")
}

#[test]
fn bytes_are_sent_as_padded_base64() {
    let bitmap =
        b"BM\x1e\x00\x00\x00\x00\x00\x00\x00\x1a\x00\x00\x00\x0c\x00\x00\x00\x04\x00\x04\x00\x01\x00\x18\x00\xFF";
    let data = "Qk0eAAAAAAAAABoAAAAMAAAABAAEAAEAGAD/";
    let image = Image::bytes(bitmap).expect("the image is small");
    assert_eq!(part(image), serde_json::json!({ "type": "image_url", "dataUri": { "data": data } }));
    assert_eq!(part(Image::base64_unchecked("AAA="))["dataUri"]["data"], "AAA=");
}

#[test]
fn an_address_is_sent_in_its_normal_form() {
    let image = Image::url("https://example.com/고양이.png?sign=a%2Fb").expect("the address is valid");
    let url = "https://example.com/%EA%B3%A0%EC%96%91%EC%9D%B4.png?sign=a%2Fb";
    assert_eq!(part(image), serde_json::json!({ "type": "image_url", "imageUrl": { "url": url } }));
}
