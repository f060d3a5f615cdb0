package dev.turnout.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** Which part may know which: the pure core at the bottom, Kafka and HTTP at the edges. */
@AnalyzeClasses(
    packages = "dev.turnout",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      LayeringTest.WithoutTestsOfOtherModules.class
    })
class LayeringTest {

  /** Tests of the core come as a jar, since the laboratory's tests share their made-up data. */
  static final class WithoutTestsOfOtherModules implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  /** The parts of each module; a package of none of them fails the test. */
  private static final Map<String, List<String>> MODULES =
      Map.of(
          "schemas",
          List.of(
              "schema",
              "serde",
              "registry",
              "topic",
              "access",
              "availability",
              "backlog",
              "kafka",
              "config",
              "telemetry"),
          "router-model",
          List.of("encoder", "model", "policy", "budget", "math", "belief", "offpolicy", "train"),
          "topology",
          List.of("router", "control", "ledger", "learner", "streams"),
          "connectors",
          List.of("connect", "gateway", "worker", "llm", "grader", "local", "dlq"),
          "console",
          List.of("console"),
          "app",
          List.of("app"),
          "lab",
          List.of("lab"));

  private static final Map<String, Set<String>> MAY_KNOW =
      Map.of(
          "schemas", Set.of(),
          "router-model", Set.of(),
          "topology", Set.of("schemas", "router-model"),
          "connectors", Set.of("schemas"),
          "console", Set.of("schemas", "router-model", "topology", "connectors"),
          "app", Set.of("schemas", "router-model", "topology", "connectors", "console"),
          "lab", Set.of("schemas", "router-model", "topology", "connectors", "console", "app"));

  private static final String[] CORE = {
    "dev.turnout.encoder..",
    "dev.turnout.model..",
    "dev.turnout.policy..",
    "dev.turnout.budget..",
    "dev.turnout.math..",
    "dev.turnout.belief..",
    "dev.turnout.offpolicy..",
    "dev.turnout.train.."
  };

  private static final String[] DECIDING = {
    "dev.turnout.model..",
    "dev.turnout.policy..",
    "dev.turnout.budget..",
    "dev.turnout.math..",
    "dev.turnout.belief..",
    "dev.turnout.offpolicy..",
    "dev.turnout.train.."
  };

  @ArchTest
  static final ArchRule everyPartKnowsOnlyWhatLiesBelow =
      classes().should(dependOnlyOnPartsBelow());

  @ArchTest
  static final ArchRule theCoreKnowsNeitherKafkaNorTheWire =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..", "io.javalin..");

  @ArchTest
  static final ArchRule whatDecidesHasNoClockAndNoChanceOfItsOwn =
      noClasses()
          .that()
          .resideInAnyPackage(DECIDING)
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .orShould()
          .callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule whatDecidesTouchesNoFile =
      noClasses()
          .that()
          .resideInAnyPackage(DECIDING)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..", "java.net..");

  @ArchTest
  static final ArchRule policiesStandAlone =
      noClasses()
          .that()
          .resideInAPackage("dev.turnout.policy..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..", "dev.turnout.encoder..", "dev.turnout.train..");

  @ArchTest
  static final ArchRule kafkasServerHasOneDoor =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.turnout.local.broker..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("kafka.server..", "scala..", "org.apache.kafka.metadata..");

  @ArchTest
  static final ArchRule partsDoNotKnowEachOtherInCircles =
      slices().matching("dev.turnout.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theRoutersRoomsKnowEachOtherInOneDirection =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("intake")
          .definedBy("dev.turnout.router.intake..")
          .layer("encode")
          .definedBy("dev.turnout.router.encode..")
          .layer("decide")
          .definedBy("dev.turnout.router.decide..")
          .layer("emit")
          .definedBy("dev.turnout.router.emit..")
          .whereLayer("encode")
          .mayOnlyBeAccessedByLayers("decide", "emit")
          .whereLayer("decide")
          .mayOnlyBeAccessedByLayers("emit")
          .whereLayer("emit")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Impl");

  /** Who searches for a name must find one class. */
  @ArchTest
  static void noNameIsUsedTwice(JavaClasses classes) {
    Map<String, List<String>> byName =
        classes.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    TreeMap::new,
                    Collectors.mapping(JavaClass::getName, Collectors.toList())));
    byName.values().removeIf(all -> all.size() == 1);
    assertThat(byName).isEmpty();
  }

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes().that(areHandWritten()).should(resideInANullMarkedPackage());

  private static DescribedPredicate<JavaClass> areHandWritten() {
    return DescribedPredicate.describe(
        "are hand-written", type -> !type.getPackageName().equals("dev.turnout.schema"));
  }

  private static Optional<String> moduleOf(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith("dev.turnout.")) {
      return Optional.empty();
    }
    String rest = name.substring("dev.turnout.".length());
    String part = rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
    return MODULES.entrySet().stream()
        .filter(module -> module.getValue().contains(part))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static ArchCondition<JavaClass> dependOnlyOnPartsBelow() {
    return new ArchCondition<>("depend only on parts below") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Optional<String> own = moduleOf(type);
        if (own.isEmpty()) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getPackageName() + " belongs to no part that this test knows"));
          return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          moduleOf(dependency.getTargetClass())
              .filter(other -> !other.equals(own.get()))
              .filter(other -> !MAY_KNOW.getOrDefault(own.get(), Set.of()).contains(other))
              .ifPresent(
                  other ->
                      events.add(
                          SimpleConditionEvent.violated(
                              type, own.get() + " knows " + other + ": " + dependency)));
        }
      }
    };
  }

  private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return new ArchCondition<>("reside in a package marked @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(
            new SimpleConditionEvent(
                type, marked, type.getPackageName() + " has no @NullMarked package-info"));
      }
    };
  }
}
