"""Runs the demonstration ward in a real terminal, presses keys, and saves what a person sees as PNG."""

import fcntl
import os
import pathlib
import pty
import select
import struct
import sys
import tempfile
import termios
import time

import pyte
from PIL import Image, ImageDraw, ImageFont

COLUMNS, ROWS = 120, 40
FONT_SIZE = 16
# The same ward and the same morning in every set of pictures.
DEMO = ["demo", "--seed", "7", "--today", "2026-11-20"]
KEYS = {"Enter": "\r", "Esc": "\x1b", "Down": "\x1b[B", "Up": "\x1b[A", "Right": "\x1b[C", "Left": "\x1b[D"}
PICTURES = {
    "performance": [],
    "process": ["2"],
    "pdsa": ["3"],
    "charts": ["4", "Down"],
    "quick-entry": ["a", "falls 2 #wet floor in bay 3"],
    "help": ["2", "?"],
    "huddle": ["H", "Enter", " ", " ", " ", " ", " "],
    "actions": ["5"],
    "cross": ["/", "ulcer", "Enter", "X"],
    "wall": ["W"],
}
NAMED = {
    "black": "000000", "red": "cd3131", "green": "0dbc79", "brown": "e5e510", "blue": "2472c8", "magenta": "bc3fbc",
    "cyan": "11a8cd", "white": "e5e5e5",
}
BRAILLE = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))


def font(name):
    for folder in ("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu", "/Library/Fonts"):
        path = pathlib.Path(folder) / f"{name}.ttf"
        if path.exists():
            return ImageFont.truetype(str(path), FONT_SIZE)
    sys.exit(f"The font {name} is missing. Install fonts-dejavu-core.")


def run(program, keys):
    """The screen after these keys."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    home = tempfile.TemporaryDirectory()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(
            TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", HOME=home.name,
            XDG_DATA_HOME=home.name, XDG_CONFIG_HOME=home.name, XDG_STATE_HOME=home.name,
        )
        os.execv(program, [program, *DEMO])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def settle(quiet):
        last = time.time()
        while time.time() - last < quiet:
            if select.select([terminal], [], [], 0.05)[0]:
                stream.feed(os.read(terminal, 65536))
                last = time.time()

    settle(1.5)
    for key in keys:
        os.write(terminal, KEYS.get(key, key).encode())
        settle(0.4)
    os.write(terminal, b"\x03")
    os.waitpid(child, 0)
    home.cleanup()
    return screen


def colour(name, default):
    if name == "default":
        return "#" + default
    return "#" + NAMED.get(name, name if len(name) == 6 else default)


def draw_cell(draw, cell, box, fonts):
    left, top, right, bottom = box
    ink, ground = colour(cell.fg, "d5dae2"), colour(cell.bg, "0d1117")
    if cell.reverse:
        ink, ground = ground, ink
    draw.rectangle((left, top, right - 1, bottom - 1), fill=ground)
    if not cell.data.strip():
        return
    code, width, height = ord(cell.data[0]), right - left, bottom - top
    if 0x2800 <= code <= 0x28FF:
        for bit, (column, row) in enumerate(BRAILLE):
            if code - 0x2800 >> bit & 1:
                x, y = left + width * (1 + 2 * column) / 4, top + height * (1 + 2 * row) / 8
                draw.ellipse((x - 1.3, y - 1.3, x + 1.3, y + 1.3), fill=ink)
    elif 0x2589 <= code <= 0x258F:
        draw.rectangle((left, top, left + round(width * (0x2590 - code) / 8) - 1, bottom - 1), fill=ink)
    elif 0x2581 <= code <= 0x2588:
        draw.rectangle((left, bottom - round(height * (code - 0x2580) / 8), right - 1, bottom - 1), fill=ink)
    else:
        chosen = fonts[cell.bold]
        if code > 0x2FF and chosen.getmask(cell.data).getbbox() == chosen.getmask("\uffff").getbbox():
            chosen = fonts["wide"]
        draw.text((left, top + (height - FONT_SIZE) // 2 - 2), cell.data, font=chosen, fill=ink)


def picture(screen, path):
    fonts = {False: font("DejaVuSansMono"), True: font("DejaVuSansMono-Bold"), "wide": font("DejaVuSans")}
    width, height = round(fonts[False].getlength("M")), round(FONT_SIZE * 1.25)
    image = Image.new("RGB", (width * COLUMNS, height * ROWS))
    draw = ImageDraw.Draw(image)
    for row in range(ROWS):
        for column in range(COLUMNS):
            box = (column * width, row * height, (column + 1) * width, (row + 1) * height)
            draw_cell(draw, screen.buffer[row][column], box, fonts)
    image.save(path, optimize=True)
    print(path)


if __name__ == "__main__":
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    for name, keys in PICTURES.items():
        picture(run(os.path.abspath(program), keys), folder / f"{name}.png")
