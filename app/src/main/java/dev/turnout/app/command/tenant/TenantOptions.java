package dev.turnout.app.command.tenant;

import dev.turnout.schema.Tenant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code tenants set} may say of a tenant; what is not said keeps its value. */
final class TenantOptions {
  private static final String NONE = "none";

  @Option(
      names = "--budget",
      paramLabel = "USD",
      description = "What it may spend, in USD an hour; none for as much as it likes.")
  private @Nullable String budget;

  @Option(
      names = "--burst",
      paramLabel = "USD",
      description =
          "What it may spend at once after a pause, in USD; none for six minutes' worth of the"
              + " budget.")
  private @Nullable String burst;

  @Option(
      names = "--exploration-floor",
      paramLabel = "SHARE",
      description =
          "Share of the choice spread evenly over all LLMs, 0 to 1; none for"
              + " router.exploration-floor.")
  private @Nullable String floor;

  @Option(
      names = "--requests-per-minute",
      paramLabel = "N",
      description =
          "Requests of all its keys in any 60 seconds, at each gateway; none for no limit.")
  private @Nullable String requests;

  @Option(
      names = "--tokens-per-minute",
      paramLabel = "N",
      description = "Tokens of all its keys in any 60 seconds, at each gateway; none for no limit.")
  private @Nullable String tokens;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description =
          "Requests of all its keys open at the same time, at each gateway; none for no limit.")
  private @Nullable String concurrency;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * Refuses what no tenant can have.
   *
   * @throws ParameterException naming the option
   */
  void check() {
    if (Stream.of(budget, burst, floor, requests, tokens, concurrency).allMatch(Objects::isNull)) {
      throw new ParameterException(
          command.commandLine(),
          "nothing to set: name at least one of --budget, --burst, --exploration-floor,"
              + " --requests-per-minute, --tokens-per-minute and --concurrency");
    }
    if (NONE.equals(budget) && burst != null && !NONE.equals(burst)) {
      throw new ParameterException(
          command.commandLine(), "--burst needs a budget, but --budget is none");
    }
    require("--budget", budget, Double.MIN_VALUE, Double.MAX_VALUE, "a positive number of USD");
    require("--burst", burst, Double.MIN_VALUE, Double.MAX_VALUE, "a positive number of USD");
    require("--exploration-floor", floor, 0, 1, "a share, 0 or more and 1 or less");
    requireWhole("--requests-per-minute", requests, Long.MAX_VALUE);
    requireWhole("--tokens-per-minute", tokens, Long.MAX_VALUE);
    requireWhole("--concurrency", concurrency, Integer.MAX_VALUE);
  }

  private void requireWhole(String option, @Nullable String value, long most) {
    if (value == null || value.equals(NONE)) {
      return;
    }
    long number;
    try {
      number = Long.parseLong(value);
    } catch (NumberFormatException e) {
      number = 0;
    }
    if (number < 1 || number > most) {
      throw new ParameterException(
          command.commandLine(),
          option + " must be a whole number of at least 1, or none, not " + value);
    }
  }

  private void require(
      String option, @Nullable String value, double least, double most, String right) {
    if (value == null || value.equals(NONE)) {
      return;
    }
    double number;
    try {
      number = Double.parseDouble(value);
    } catch (NumberFormatException e) {
      number = Double.NaN;
    }
    if (!(number >= least && number <= most)) {
      throw new ParameterException(
          command.commandLine(), option + " must be " + right + ", or none, not " + value);
    }
  }

  /** Changes what was said; without a budget there is no burst. Returns the same builder. */
  Tenant.Builder applyTo(Tenant.Builder tenant) {
    if (budget != null) {
      tenant.setBudgetUsdPerHour(amount(budget));
      if (budget.equals(NONE)) {
        tenant.setBurstUsd(null);
      }
    }
    if (burst != null) {
      tenant.setBurstUsd(amount(burst));
    }
    if (floor != null) {
      tenant.setExplorationFloor(amount(floor));
    }
    if (requests != null) {
      tenant.setRequestsPerMinute(requests.equals(NONE) ? null : Long.valueOf(requests));
    }
    if (tokens != null) {
      tenant.setTokensPerMinute(tokens.equals(NONE) ? null : Long.valueOf(tokens));
    }
    if (concurrency != null) {
      tenant.setConcurrency(concurrency.equals(NONE) ? null : Integer.valueOf(concurrency));
    }
    return tenant;
  }

  private static @Nullable Double amount(String value) {
    return value.equals(NONE) ? null : Double.valueOf(value);
  }
}
