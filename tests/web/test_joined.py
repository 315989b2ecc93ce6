"""Joiner: one script and one sheet of a page's modules, which behave as modules do; what it cannot join it names."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from remote_mixer.resources import resource_path
from remote_mixer.web.joined import JoinError, join
from remote_mixer.web.page_files import KEPT, Page, pack, read_page
from tests.support.complete import need

FIRST_VISIT_BYTES = 90_000
LATER_BYTES = 106_000
HTML = b'<link rel="stylesheet" href="styles/all.css"><script type="module" src="./main.js"></script>'
SHEETS = {
    "styles/all.css": b'@layer a;\n@import url("base.css") layer(a);\n',
    "styles/base.css": b"b { color: red }\n",
}
TRICKY = rb"""/** Texts that look like code. */
import { one as first } from "./deep/one.js"
export const texts = [`
	import { x } from "./x.js"
`, "export const y = 1", /import "(.*)"/.source]
export function sum(...all) {
	return all.reduce((a, b) => a + b, first)
}
const hidden = { value: 1 }
export { hidden, hidden as seen }
export class Two { static three = 3 }
export async function later() {
	return (await import("./later.js")).answer
}
"""


def page_of(**modules: bytes) -> Page:
    """Return a page of modules, each by its name with _ for the slash; `main` is the first."""
    return {"index.html": HTML, **SHEETS, **{f"{name.replace('_', '/')}.js": text for name, text in modules.items()}}


def node() -> str:
    """Return where node is; the test is skipped where it is not."""
    found = shutil.which("node")
    need(found, "node is not installed")
    return found or ""


def ran(page: Page, tmp_path: Path, name: str = "main.js") -> str:
    """Return what a page's script prints."""
    tmp_path.mkdir()
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for file, data in page.items():
        path = tmp_path / re.sub(rf"^{KEPT}\w+/", "", file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    done = subprocess.run([node(), tmp_path / name], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def served() -> Page:
    return join(read_page(resource_path()))


def test_a_joined_page_runs_as_its_modules_do(tmp_path: Path) -> None:
    page = page_of(
        main=b'import { texts, sum, seen, Two, later } from "./tricky.js"\n'
        b'import { counted } from "./deep/one.js"\n'
        b"console.log(JSON.stringify([texts, sum(1, 2), seen, Two.three, counted()]))\n"
        b"later().then((answer) => console.log(answer, counted()))\n",
        tricky=TRICKY,
        deep_one=b"let count = 0\nexport const one = 1\nexport function counted() {\n\treturn (count += 1)\n}\n",
        later=b'import { counted } from "./deep/one.js"\nexport const answer = counted()\n',
    )
    apart, together = ran(page, tmp_path / "apart"), ran(join(page), tmp_path / "joined")
    assert together == apart
    assert "2 3" in apart, "what comes later has the same modules"


def test_what_is_fetched_later_is_a_script_of_its_own_and_takes_what_it_shares_from_the_smaller_one(
    tmp_path: Path,
) -> None:
    take = b'import { count } from "./shared.js"\n'
    page = page_of(
        main=b'const large = import("./large.js").then(({ large }) => console.log(large()))\n'
        b'large.then(() => import("./few.js")).then(({ few }) => console.log(few()))\n',
        large=take + b'import { ten } from "./ten.js"\nexport function large() {\n\treturn count() + ten\n}\n',
        few=take + b"export function few() {\n\treturn count()\n}\n",
        ten=b"export const ten = 10\n",
        shared=b"let counted = 0\nexport function count() {\n\treturn (counted += 1)\n}\n",
    )
    assert ran(join(page), tmp_path / "joined") == ran(page, tmp_path / "apart") == "11\n2\n"
    scripts = {name.rpartition("/")[2]: data for name, data in join(page).items() if name.endswith(".js")}
    assert scripts.keys() == {"main.js", "few.later.js", "large.later.js"}
    assert [name for name, data in scripts.items() if b"counted += 1" in data] == ["few.later.js"]
    assert b"large" not in scripts["few.later.js"]


def test_the_first_script_is_compiled_as_it_comes_and_what_is_fetched_later_function_by_function() -> None:
    page = page_of(main=b'const later = () => import("./later.js")\n', later=b"export const answer = 1\n")
    joined = join(page)
    packed = {name.rpartition("/")[2]: gzip.decompress(data) for name, data in pack(joined).items()}
    assert packed["main.js"].startswith(b"//# allFunctionsCalledOnLoad\n")
    assert b"//#" not in packed["later.later.js"]


def test_modules_that_are_joined_are_served_no_longer_and_everything_else_is() -> None:
    page = join({**page_of(main=b"export const a = 1\n"), "sw.js": b"// alone", "icons/icon.svg": b"<svg/>"})
    names = {re.sub(rf"^{KEPT}\w+/", KEPT, name) for name in page}
    assert names == {"index.html", "sw.js", "icons/icon.svg", f"{KEPT}main.js", f"{KEPT}styles/all.css"}


def test_another_content_has_another_address_and_the_same_has_the_same() -> None:
    pages = [join(page_of(main=text)) for text in (b"const a = 1\n", b"const a = 2\n", b"const a = 1\n")]
    first, second, third = (page["index.html"] for page in pages)
    assert first == third != second


def test_sheets_stand_in_their_layers() -> None:
    sheet = next(data for name, data in join(page_of(main=b"")).items() if name.endswith("all.css"))
    assert sheet.split() == b"@layer a; @layer a { b { color: red } }".split()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"export let a = 1\n", "main.js: “export let a = 1”"),
        (b"export default 1\n", "export default"),
        (b'export * from "./one.js"\n', "export"),
        (b'import "./one.js"\n', "import"),
        (b'import * as one from "./one.js"\n', "import"),
        (b'import { one } from "one"\n', "import"),
        (b"const url = import.meta.url\n", "import.meta"),
        (b"await go()\n", "await"),
        (b"const $one = 1\n", "“$”"),
        (b'import { one } from "./none.js"\n', "none.js: the page has no such file"),
        (b'import { one } from "./one.js"\nconst two = () => import("./one.js")\n', "both at once and later"),
        (b'import { b } from "./b.js"\nimport { b as c } from "./circle.js"\n', "b.js → circle.js → b.js"),
    ],
)
def test_what_cannot_be_joined_is_named(text: bytes, reason: str) -> None:
    others = {
        "one": b"export const one = 1\n",
        "b": b'import { b } from "./circle.js"\n',
        "circle": b'import { b } from "./b.js"\n',
    }
    with pytest.raises(JoinError, match=re.escape(reason)):
        join(page_of(main=text, **others))


def test_our_page_is_in_the_subset_that_can_be_joined_and_is_well_formed(tmp_path: Path) -> None:
    scripts = {name: data for name, data in served().items() if name.startswith(KEPT) and name.endswith(".js")}
    assert {name.rpartition("/")[2] for name in scripts} >= {
        *("main.js", "views-panels.later.js", "views-musician.later.js", "card.js", "tls.js"),
    }
    for name, data in scripts.items():
        path = tmp_path / f"{Path(name).name}.mjs"
        path.write_bytes(data)
        subprocess.run([node(), "--check", path], check=True, timeout=60)


def test_a_first_visit_is_at_most_six_requests_and_90_kb_packed_as_they_travel() -> None:
    page = served()
    packed = {**page, **pack(page)}
    html = re.sub("<template.*?</template>", "", page["index.html"].decode())  # waits until it is asked for
    named = re.findall(r'(?:src|href)="/?([^"]+\.\w+)"', html)
    loaded = ["index.html", *(name for name in named if not name.endswith(".png"))]
    assert [Path(name).name for name in loaded] == ["index.html", "icon.svg", "app.webmanifest", "all.css", "main.js"]
    mine = next(
        name for name in page if name.endswith("views-musician.later.js")
    )  # the sixth request, a musician's alone
    weights = {name: len(packed[name]) for name in (*loaded, mine)}
    assert sum(weights.values()) <= FIRST_VISIT_BYTES, weights
    assert not re.findall(rb"// (views/(?:musician|mine|panels)\S+)$", page[loaded[-1]], re.MULTILINE)


def test_what_is_fetched_later_and_the_pages_of_their_own_weigh_no_more_than_they_may() -> None:
    page = served()
    packed = pack(page)
    later = {name: len(packed[name]) for name in page if name.endswith((".later.js", "later.css", "card.js", "tls.js"))}
    assert sum(later.values()) <= LATER_BYTES, later
