package dev.turnout.console.learning;

import static dev.turnout.console.page.Tables.column;
import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.turnout.console.page.Words;
import dev.turnout.console.state.ModelsSeen;
import dev.turnout.control.model.ModelVersion;
import dev.turnout.control.model.ModelVersion.StatusChange;
import dev.turnout.schema.ModelEvent;
import j2html.tags.DomContent;
import j2html.tags.specialized.DlTag;
import j2html.tags.specialized.TrTag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Every version, the latest first: where it comes from, what became of it, and why. */
record VersionList(ModelsSeen models) {
  private static final int MOST = 60;

  /** The gate's estimate of what a candidate earns more than the one that serves. */
  private static final String DIFFERENCE = "gate.difference.";

  /** What a trial earned more on its own traffic. */
  private static final String LIVE = "live.difference";

  DomContent element() {
    if (models.versions().isEmpty()) {
      return section(h2("Versions"), p("There is none yet: turnout train.").withClass("muted"))
          .withClass("panel");
    }
    List<ModelVersion> latest = new ArrayList<>(models.versions());
    Collections.reverse(latest);
    return section(
            h2("Versions"),
            scrolling(
                "Versions",
                table(
                    thead(
                        tr(
                            column("Version"),
                            column("Status"),
                            column("From"),
                            column("Uploaded"),
                            column("Gained, with interval"),
                            column("What became of it"))),
                    tbody(each(latest.stream().limit(MOST).toList(), this::row)))))
        .withClass("panel");
  }

  private TrTag row(ModelVersion version) {
    boolean serves = models.serving().filter(version.version()::equals).isPresent();
    return tr(
            th(version.version()).withClass("id").attr("scope", "row"),
            td(status(version, serves)),
            td(Objects.toString(version.parent(), Words.UNKNOWN)).withClass("id"),
            td(version.uploaded() == null ? Words.UNKNOWN : Words.time(version.uploaded()))
                .withClass("n"),
            td(each(gains(version).entrySet(), gain -> div(gain.getKey() + " " + gain.getValue()))),
            td(life(version)))
        .withClass(serves ? "chosen" : "");
  }

  private DomContent status(ModelVersion version, boolean serves) {
    if (serves) {
      return span("in charge").withClass("tag good");
    }
    boolean trial =
        models.trial().filter(each -> each.version().equals(version.version())).isPresent();
    if (trial) {
      return span("on trial").withClass("tag warn");
    }
    String word = version.status();
    return span(word).withClass(word.startsWith("rejected") ? "tag bad" : "tag");
  }

  /** What the gate and trials estimated, as {@code value [lower, upper] …}. */
  private static Map<String, String> gains(ModelVersion version) {
    Map<String, String> gains = new TreeMap<>();
    version.changes().forEach(change -> take(change.report(), gains));
    take(version.report(), gains);
    return gains;
  }

  private static void take(Map<String, String> report, Map<String, String> gains) {
    report.forEach(
        (key, value) -> {
          if (key.startsWith(DIFFERENCE)) {
            gains.put(key.substring(DIFFERENCE.length()), value);
          } else if (key.equals(LIVE)) {
            gains.put("live", value);
          }
        });
  }

  private static DomContent life(ModelVersion version) {
    List<DomContent> events = new ArrayList<>();
    events.add(div(span("trained ").withClass("muted"), span(version.reason())));
    for (StatusChange change : version.changes()) {
      events.add(
          div(
              span(change.words()).withClass(change.kind() == ModelEvent.REJECTED ? "bad" : "good"),
              span(" " + Words.time(change.at()) + " ").withClass("muted"),
              span(change.reason())));
    }
    Map<String, String> report = new TreeMap<>(version.report());
    version.changes().forEach(change -> report.putAll(change.report()));
    if (!report.isEmpty()) {
      DlTag pairs = dl().withClass("pairs");
      report.forEach((key, value) -> pairs.with(dt(key), dd(value)));
      events.add(
          details(
                  summary("Figures")
                      .withId("figures-of-" + version.version())
                      .attr("aria-label", "Figures of " + version.version()),
                  pairs)
              .withId("report-" + version.version()));
    }
    return div().with(events);
  }
}
