"""Photographs as Pillow and torchvision see them: python3 pillow.py > pillow.json (and small files beside it)"""

import base64
import io
import json

import numpy as np
from PIL import Image
from torchvision import transforms

rng = np.random.default_rng(5)


def b64(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def picture(width, height):
    """Smooth structure, a hard edge and noise: what a resampler can get wrong."""
    y, x = np.mgrid[0:height, 0:width]
    base = np.stack([x * 255 / width, y * 255 / height, (x * 7 + y * 13) % 256], axis=-1)
    base[height // 3 : height // 2, width // 4 : width // 2] = 255
    return np.clip(base + rng.normal(0, 20, base.shape), 0, 255).astype(np.uint8)


resizes = []
for (w, h), (nw, nh) in [
    ((37, 23), (11, 7)),
    ((37, 23), (64, 40)),
    ((20, 50), (20, 13)),
    ((50, 20), (17, 20)),
    ((9, 9), (1, 1)),
    ((5, 40), (7, 3)),
]:
    image = picture(w, h)
    out = np.asarray(Image.fromarray(image).resize((nw, nh), Image.BILINEAR))
    resizes.append({"width": w, "height": h, "toWidth": nw, "toHeight": nh, "from": b64(image), "to": b64(out)})

views = []
for (w, h), resize, size in [
    ((41, 30), 16, (14, 14)),
    ((30, 47), 17, (14, 14)),
    ((33, 21), 12, (11, 8)),
    ((28, 28), 28, (28, 28)),
    ((29, 28), 28, (24, 25)),
    ((25, 16), 9, (16, 12)),
]:
    image = picture(w, h)
    for mode in ("RGB", "L"):
        pil = Image.fromarray(image).convert(mode)
        view = transforms.Compose([transforms.Resize(resize), transforms.CenterCrop(size), transforms.ToTensor()])
        bytes_ = np.round(view(pil).numpy() * 255).astype(np.uint8)
        views.append(
            {"width": w, "height": h, "resize": resize, "size": size, "mode": mode, "from": b64(image), "to": b64(bytes_)}
        )


def encoded(pil, fmt, **options):
    buffer = io.BytesIO()
    pil.save(buffer, fmt, **options)
    return buffer.getvalue()


def decoded(data):
    return Image.open(io.BytesIO(data)).convert("RGB")


files = []
rgb = Image.fromarray(picture(24, 16))
alpha = rgb.copy()
alpha.putalpha(Image.fromarray(rng.integers(0, 256, (16, 24)).astype(np.uint8)))
for name, data in {
    "a colour JPEG": encoded(rgb, "JPEG", quality=85),
    "a progressive JPEG without chroma subsampling": encoded(rgb, "JPEG", quality=90, progressive=True, subsampling=0),
    "a grey JPEG": encoded(rgb.convert("L"), "JPEG"),
    "a PNG with alpha": encoded(alpha, "PNG"),
    "a grey PNG with alpha": encoded(alpha.convert("LA"), "PNG"),
    "a PNG with a palette": encoded(rgb.convert("P", palette=Image.ADAPTIVE, colors=16), "PNG"),
    "a PNG of one bit": encoded(rgb.convert("1"), "PNG"),
    "a lossless WebP": encoded(rgb, "WEBP", lossless=True),
}.items():
    files.append({"name": name, "file": base64.b64encode(data).decode(), "width": 24, "height": 16, "rgb": b64(np.asarray(decoded(data)))})

grey = np.asarray(rgb.convert("L"))
turned = {}
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned[orientation] = base64.b64encode(encoded(rgb, "PNG", exif=exif.tobytes())).decode()
from PIL import ImageOps  # noqa: E402

upright = {
    k: {"size": (i := ImageOps.exif_transpose(Image.open(io.BytesIO(base64.b64decode(v))))).size, "rgb": b64(np.asarray(i))}
    for k, v in turned.items()
}
cmyk = encoded(Image.fromarray(np.full((8, 8, 3), (200, 40, 90), np.uint8)).convert("CMYK"), "JPEG", quality=100)
print(
    json.dumps(
        {
            "resizes": resizes,
            "views": views,
            "files": files,
            "grey": {"from": b64(np.asarray(rgb)), "width": 24, "height": 16, "to": b64(grey)},
            "orientations": [{"file": turned[k], **upright[k]} for k in turned],
            "cmyk": base64.b64encode(cmyk).decode(),
        }
    )
)
