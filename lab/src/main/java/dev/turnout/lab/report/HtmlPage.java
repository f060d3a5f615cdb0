package dev.turnout.lab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One self-contained page in the making. */
public final class HtmlPage {
  private static final String STYLE =
      """
      :root { color-scheme: light; }
      body { font: 15px/1.55 system-ui, sans-serif; color: #333a45; background: #f4f6f9; margin: 0; }
      main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
      h1 { font-size: 28px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 0 0 4px; }
      .muted { color: #6b7480; } .cards { display: flex; flex-wrap: wrap; gap: 12px; margin: 22px 0; }
      .card { background: #fff; border-radius: 10px; padding: 14px 18px; min-width: 130px;
        box-shadow: 0 1px 3px #0001; } .card b { display: block; font-size: 24px; color: #1f6fb5; }
      section { background: #fff; border-radius: 10px; padding: 20px 24px; margin: 16px 0;
        box-shadow: 0 1px 3px #0001; overflow-x: auto; }
      svg { max-width: 100%; height: auto; display: block; margin: 8px auto 0; }
      pre { font: 12.5px/1.45 ui-monospace, monospace; margin: 8px 0 0; }
      table { border-collapse: collapse; }
      td, th { padding: 4px 12px; text-align: right; border-bottom: 1px solid #e6e9ee; }
      """;

  private final StringBuilder page = new StringBuilder(1 << 16);

  /** A page with a title for the browser and a heading for the reader. */
  public HtmlPage(String title, String heading) {
    html("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    html("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html("<title>" + escaped(title) + "</title><style>" + STYLE + "</style></head><body><main>");
    html("<h1>" + escaped(heading) + "</h1>");
  }

  /** Adds what is HTML already. */
  public void html(String html) {
    page.append(html);
  }

  /** Adds a figure; {@link #html} puts the cards into one row. */
  public void card(String what, String value) {
    html("<div class=\"card\"><b>" + escaped(value) + "</b>" + escaped(what) + "</div>");
  }

  /**
   * Adds a section; an empty body adds none.
   *
   * @param words what is to be seen, in a sentence or two
   * @param body HTML
   */
  public void section(String title, String words, String body) {
    if (!body.isEmpty()) {
      html("<section><h2>" + escaped(title) + "</h2>");
      html("<div class=\"muted\">" + escaped(words) + "</div>" + body + "</section>");
    }
  }

  /** Text as HTML. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Ends the page and writes it; the folder is made if missing. */
  public Path write(Path folder, String name) throws IOException {
    html("</main></body></html>\n");
    Files.createDirectories(folder);
    return Files.writeString(folder.resolve(name), page);
  }
}
