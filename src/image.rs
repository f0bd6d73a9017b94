//! Images of a chat message.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesize::{Compression, ImageType};
use reqwest::Url;

use crate::limits::CHAT as LIMITS;
use crate::raw::types::{ContentPart, ImageData, ImageUrl};

/// An image for a chat message.
///
/// An image given as bytes or as a file is checked against the limits of the service when it is made, so that no
/// request is sent in vain. Its headers are looked at, the picture is not decoded. `Debug` shows neither the address nor
/// the data.
///
/// ```
/// use clovastudio::image::{Image, ImageError};
///
/// # fn main() -> Result<(), ImageError> {
/// let image = Image::url("https://www.example.com/cat.png")?;
/// assert_eq!(format!("{image:?}"), "Image(Url)");
///
/// let error = Image::bytes(b"GIF89a\x01\x00\x01\x00\x00\x00\x00").unwrap_err();
/// assert!(matches!(error, ImageError::Format { found: Some("GIF"), .. }));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Image {
    source: Source,
    facts: Facts,
}

/// What a request holds of an image.
#[derive(Clone)]
enum Source {
    /// Address, from which the service loads the image.
    Url(String),
    /// The image in Base64, without `data:` before it.
    Base64(String),
}

/// What `Debug` may tell of an image.
#[derive(Clone, Copy)]
enum Facts {
    Url,
    Checked { format: &'static str, sides: Sides, bytes: usize },
    Unchecked { characters: usize },
}

/// Width and height in pixels.
#[derive(Clone, Copy)]
struct Sides {
    width: u32,
    height: u32,
}

impl Image {
    /// An image that the service loads from a public `http` or `https` address, which should end in a file extension.
    ///
    /// The address is not visited: the limits of images are left to the service. It is sent in its normal form, with
    /// what is not ASCII percent-encoded.
    ///
    /// # Errors
    ///
    /// When it is no such address.
    pub fn url(url: impl Into<String>) -> Result<Self, ImageError> {
        let url = Url::parse(&url.into()).map_err(|error| ImageError::Url { reason: error.to_string() })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ImageError::Scheme { found: url.scheme().to_owned() });
        }
        Ok(Self { source: Source::Url(url.into()), facts: Facts::Url })
    }

    /// An image that is sent in the request, from the bytes of its file.
    ///
    /// # Errors
    ///
    /// When it goes past a limit of the service, or its width and height cannot be read.
    pub fn bytes(bytes: &[u8]) -> Result<Self, ImageError> {
        check_bytes(bytes.len() as u64)?;
        let (kind, format) = format(bytes)?;
        let sides = sides(bytes, kind).ok_or(ImageError::Unmeasured { format })?;
        check_sides(sides)?;
        let facts = Facts::Checked { format, sides, bytes: bytes.len() };
        Ok(Self { source: Source::Base64(STANDARD.encode(bytes)), facts })
    }

    /// An image that is sent in the request, from its file.
    ///
    /// Reads the file and blocks while it does. Where that hurts, read it otherwise and use [`bytes`](Self::bytes).
    ///
    /// # Errors
    ///
    /// As for [`bytes`](Self::bytes), or when the file cannot be read.
    pub fn file(path: impl AsRef<Path>) -> Result<Self, ImageError> {
        let path = path.as_ref();
        let failed = |source| ImageError::File { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        if size > LIMITS.image_bytes {
            return Err(ImageError::TooManyBytes { found: size, limit: LIMITS.image_bytes });
        }
        Self::bytes(&read(file).map_err(failed)?)
    }

    /// An image that is sent in the request, from its Base64 text, without any check.
    ///
    /// For when the checks are wrong: the service may come to take more than it did when this version was made. The
    /// text is that of the standard alphabet, with padding and without `data:` before it.
    pub fn base64_unchecked(data: impl Into<String>) -> Self {
        let data = data.into();
        let facts = Facts::Unchecked { characters: data.len() };
        Self { source: Source::Base64(data), facts }
    }
}

impl From<Image> for ContentPart {
    fn from(image: Image) -> Self {
        match image.source {
            Source::Url(url) => Self::image_url(ImageUrl { url: Some(url), ..ImageUrl::default() }),
            Source::Base64(data) => Self::data_uri(ImageData { data: Some(data), ..ImageData::default() }),
        }
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.facts {
            Facts::Url => f.write_str("Image(Url)"),
            Facts::Checked { format, sides: Sides { width, height }, bytes } => {
                write!(f, "Image({format}, {width} x {height} px, {bytes} bytes)")
            }
            Facts::Unchecked { characters } => write!(f, "Image(unchecked, {characters} characters of Base64)"),
        }
    }
}

/// What a size of 0 hides, such as that of a pipe, may be endless: stops when it is known to be too much.
fn read(file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(LIMITS.image_bytes + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn check_bytes(found: u64) -> Result<(), ImageError> {
    match found {
        0 => Err(ImageError::Empty),
        _ if found > LIMITS.image_bytes => Err(ImageError::TooManyBytes { found, limit: LIMITS.image_bytes }),
        _ => Ok(()),
    }
}

/// The format, by the first bytes. Some that the service does not take are known to be named in the error.
fn format(bytes: &[u8]) -> Result<(ImageType, &'static str), ImageError> {
    let kind = imagesize::image_type(bytes).ok();
    let found = match kind {
        Some(ImageType::Bmp) => Some("BMP"),
        Some(ImageType::Png) => Some("PNG"),
        Some(ImageType::Jpeg) => Some("JPEG"),
        Some(ImageType::Webp) => Some("WEBP"),
        Some(ImageType::Gif) => Some("GIF"),
        Some(ImageType::Heif(Compression::Av1)) => Some("AVIF"),
        Some(ImageType::Heif(_)) => Some("HEIF"),
        Some(ImageType::Tiff) => Some("TIFF"),
        _ => None,
    };
    match (kind, found) {
        (Some(kind), Some(format)) if LIMITS.image_formats.contains(&format) => Ok((kind, format)),
        _ => Err(ImageError::Format { found, allowed: LIMITS.image_formats }),
    }
}

fn sides(bytes: &[u8], kind: ImageType) -> Option<Sides> {
    let size = imagesize::blob_size(bytes).ok()?;
    let sides = Sides { width: size.width.try_into().ok()?, height: size.height.try_into().ok()? };
    Some(if kind == ImageType::Bmp { bitmap_sides(bytes, sides) } else { sides })
}

/// `imagesize` reads the sides of a bitmap as two unsigned 32-bit numbers. The first header that bitmaps had, 12 bytes
/// long, has two 16-bit ones there, and in later ones the height is negative when the top row comes first.
fn bitmap_sides(bytes: &[u8], sides: Sides) -> Sides {
    if bytes.get(14..18) == Some(&[12, 0, 0, 0]) {
        return Sides { width: sides.width & 0xFFFF, height: sides.width >> 16 };
    }
    Sides { height: sides.height.cast_signed().unsigned_abs(), ..sides }
}

fn check_sides(Sides { width, height }: Sides) -> Result<(), ImageError> {
    let (long, short) = (width.max(height), width.min(height));
    if short < LIMITS.image_short_side_pixels {
        return Err(ImageError::TooSmall { found: short, limit: LIMITS.image_short_side_pixels });
    }
    if long > LIMITS.image_long_side_pixels {
        return Err(ImageError::TooLarge { found: long, limit: LIMITS.image_long_side_pixels });
    }
    if long > short * LIMITS.image_side_ratio {
        return Err(ImageError::TooNarrow { width, height, limit: LIMITS.image_side_ratio });
    }
    Ok(())
}

/// Why something is no image for a chat message. Holds neither the address nor the data.
#[derive(Debug)]
#[non_exhaustive]
pub enum ImageError {
    /// The text is no address of the web, being for example relative.
    Url {
        /// What is wrong with it.
        reason: String,
    },
    /// The address has another scheme than `http` or `https`.
    Scheme {
        /// The scheme.
        found: String,
    },
    /// The file cannot be read.
    File {
        /// The path of the file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// There are no bytes.
    Empty,
    /// There are too many bytes.
    TooManyBytes {
        /// How many there are, or were read before it was given up.
        found: u64,
        /// How many there may be.
        limit: u64,
    },
    /// The data is in no format that the service takes.
    Format {
        /// The format, if it is known.
        found: Option<&'static str>,
        /// The formats that the service takes.
        allowed: &'static [&'static str],
    },
    /// The data is damaged or unusual: it does not tell its width and height where it should.
    Unmeasured {
        /// The format.
        format: &'static str,
    },
    /// The longer side is too long.
    TooLarge {
        /// Its length in pixels.
        found: u32,
        /// The most pixels that it may have.
        limit: u32,
    },
    /// The shorter side is too short.
    TooSmall {
        /// Its length in pixels.
        found: u32,
        /// The fewest pixels that it may have.
        limit: u32,
    },
    /// The longer side is too many times the shorter one.
    TooNarrow {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// How many times it may be.
        limit: u32,
    },
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { reason } => write!(f, "not the address of an image: {reason}"),
            Self::Scheme { found } => {
                write!(f, "the address of an image begins with `{found}:`, not `https:` or `http:`")
            }
            Self::File { path, .. } => write!(f, "the image {} cannot be read", path.display()),
            Self::Empty => f.write_str("the image has no bytes"),
            Self::TooManyBytes { found, limit } => {
                write!(f, "the image has {found} bytes, at most {limit} are allowed")
            }
            Self::Format { found, allowed } => {
                let found = found.unwrap_or("in an unknown format");
                write!(f, "the image is {found}, allowed are {}", allowed.join(", "))
            }
            Self::Unmeasured { format } => write!(f, "the width and height of the {format} image cannot be read"),
            Self::TooLarge { found, limit } => {
                write!(f, "the longer side of the image has {found} pixels, at most {limit} are allowed")
            }
            Self::TooSmall { found, limit } => {
                write!(f, "the shorter side of the image has {found} pixels, at least {limit} are needed")
            }
            Self::TooNarrow { width, height, limit } => {
                write!(
                    f,
                    "the sides of the image are {width} and {height} pixels, at most 1:{limit} or {limit}:1 is allowed"
                )
            }
        }
    }
}

impl std::error::Error for ImageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { source, .. } => Some(source),
            _ => None,
        }
    }
}
