package dev.turnout.console.learning;

import static j2html.TagCreator.a;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.li;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.section;
import static j2html.TagCreator.ul;

import dev.turnout.console.page.Fragment;
import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageAction;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.traffic.TrafficReport;
import dev.turnout.console.traffic.TrafficWindow;
import j2html.tags.DomContent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What was learnt: the curve of the reward, the models, and what administrators do with them. */
public final class LearningPage implements Page {

  @Override
  public String path() {
    return "/learning";
  }

  @Override
  public String title() {
    return "Learning";
  }

  private static TrafficWindow window(PageRequest request) {
    return request.value("window").flatMap(TrafficWindow::named).orElse(TrafficWindow.DAY);
  }

  @Override
  public DomContent content(PageRequest request) {
    TrafficWindow chosen = window(request);
    return div(
        nav(ul(each(
                    Arrays.asList(TrafficWindow.values()),
                    window ->
                        li(
                            a(window.words())
                                .withHref(path() + "?window=" + window.id())
                                .condAttr(window == chosen, "aria-current", "true"))))
                .withClass("choices"))
            .attr("aria-label", "How far back"),
        standing(request).element(),
        section(h2("Mean grade"), curve(request).element()).withClass("panel"),
        new ModelForms(request.state().models(), request.visitor()).element(),
        versions(request).element());
  }

  @Override
  public List<Fragment> live(PageRequest request) {
    return List.of(standing(request), curve(request), versions(request));
  }

  private static Fragment standing(PageRequest request) {
    return new Fragment(
        "standing", new ModelStanding(request.state().models(), request.at()).element());
  }

  private static Fragment curve(PageRequest request) {
    TrafficReport report = request.state().traffic(window(request));
    return new Fragment("curve", new RewardCurve(report, request.at()).element());
  }

  private static Fragment versions(PageRequest request) {
    return new Fragment("versions", new VersionList(request.state().models()).element());
  }

  @Override
  public Map<String, PageAction> actions() {
    return Map.of(
        "promote", PageAction.administering(ModelChanges::promote),
        "stage", PageAction.administering(ModelChanges::stage),
        "rollback", PageAction.administering(ModelChanges::rollBack));
  }
}
