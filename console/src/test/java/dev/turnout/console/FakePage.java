package dev.turnout.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import dev.turnout.console.page.Fragment;
import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageAction;
import dev.turnout.console.page.PageRequest;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A page that shows what it was asked for, and keeps what was done. */
final class FakePage implements Page {
  final List<String> done = new CopyOnWriteArrayList<>();
  volatile String changing = "first";

  @Override
  public String path() {
    return "/fake";
  }

  @Override
  public String title() {
    return "Fake";
  }

  @Override
  public DomContent content(PageRequest request) {
    String asked = request.value("q").orElse("nothing");
    return div(p(asked).withTitle(asked), live(request).get(0).element());
  }

  @Override
  public List<Fragment> live(PageRequest request) {
    return List.of(new Fragment("changing", p(changing)));
  }

  @Override
  public Map<String, PageAction> actions() {
    return Map.of(
        "do",
        PageAction.administering(
            request -> {
              String what =
                  request
                      .value("what")
                      .orElseThrow(() -> new IllegalArgumentException("Say what to do."));
              done.add(what);
              return "Did " + what + ".";
            }));
  }
}
