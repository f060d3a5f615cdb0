package dev.turnout.console.learning;

import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.section;

import dev.turnout.console.page.Words;
import dev.turnout.console.state.ModelsSeen;
import dev.turnout.control.model.ModelVersion;
import dev.turnout.schema.ModelEvent;
import j2html.tags.DomContent;
import java.time.Instant;

/** Which model serves, which is on trial, and how many came and went. */
record ModelStanding(ModelsSeen models, Instant at) {
  /** Letters of a value that has no room as a large figure. */
  private static final int LONG = 10;

  DomContent element() {
    long rejected =
        models.versions().stream().filter(each -> had(each, ModelEvent.REJECTED)).count();
    long promoted =
        models.versions().stream().filter(each -> had(each, ModelEvent.PROMOTED)).count();
    return section(
            dl(
                    figure(
                        "In charge",
                        models.serving().orElse("none yet"),
                        models.serving().flatMap(models::find).map(this::age).orElse("")),
                    figure(
                        "On trial",
                        models.trial().map(trial -> trial.version()).orElse("none"),
                        models
                            .trial()
                            .map(
                                trial ->
                                    trial.share() == 0
                                        ? "in shadow"
                                        : Words.percent(trial.share()) + " of the queries")
                            .orElse("")),
                    figure(
                        "Trained", Words.count(models.versions().size()), "versions on the topic"),
                    figure("Promoted", Words.count(promoted), ""),
                    figure("Rejected", Words.count(rejected), "by the gate or a person"))
                .withClass("figures"))
        .withClass("panel")
        .attr("aria-label", "Models");
  }

  private static boolean had(ModelVersion version, ModelEvent kind) {
    return version.changes().stream().anyMatch(change -> change.kind() == kind);
  }

  private String age(ModelVersion version) {
    return version.changes().isEmpty()
        ? ""
        : "since "
            + Words.ago(version.changes().get(version.changes().size() - 1).at(), at)
                .replace(" ago", "");
  }

  private static DomContent figure(String name, String value, String note) {
    return div(
        dt(name),
        dd(value).withClass(value.length() > LONG ? "long" : ""),
        dd(note).withClass("note"));
  }
}
