const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is safe inside an element or a quoted attribute. File names are hostile. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string)

/** Markup that has been escaped already. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Markup | readonly Markup[]

/** html`<b>${name}</b>` escapes what is filled in, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const render = (part: Part): string => {
    if (part instanceof Markup) return part.text
    return Array.isArray(part) ? part.map(render).join('') : escapeHtml(String(part))
  }
  return new Markup(strings.reduce((text, piece, index) => text + render(parts[index - 1] as Part) + piece))
}
