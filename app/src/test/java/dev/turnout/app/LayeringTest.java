package dev.turnout.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Instant;
import org.jspecify.annotations.NullMarked;

/** Which part may know which: the pure core at the bottom, Kafka and HTTP at the edges. */
@AnalyzeClasses(packages = "dev.turnout", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {

  private static final String[] CORE = {
    "dev.turnout.encoder..",
    "dev.turnout.model..",
    "dev.turnout.policy..",
    "dev.turnout.train..",
    "dev.turnout.data..",
    "dev.turnout.eval..",
    "dev.turnout.baseline..",
    "dev.turnout.numeric..",
    "dev.turnout.feedback..",
    "dev.turnout.ope..",
    "dev.turnout.budget.."
  };

  private static final String[] DECIDING = {
    "dev.turnout.model..",
    "dev.turnout.policy..",
    "dev.turnout.train..",
    "dev.turnout.numeric..",
    "dev.turnout.feedback..",
    "dev.turnout.ope..",
    "dev.turnout.budget.."
  };

  private static final String[] SCHEMAS = {
    "dev.turnout.schema..", "dev.turnout.topic..", "dev.turnout.serde..", "dev.turnout.registry"
  };

  private static final String[] CONNECTORS = {
    "dev.turnout.broker..",
    "dev.turnout.registry.server..",
    "dev.turnout.worker..",
    "dev.turnout.llm..",
    "dev.turnout.grader..",
    "dev.turnout.gateway.."
  };

  private static final String[] TOPOLOGY = {
    "dev.turnout.router..", "dev.turnout.follow..", "dev.turnout.metrics..", "dev.turnout.learner.."
  };

  private static final String[] APP = {"dev.turnout.app.."};

  @ArchTest
  static final ArchRule theCoreKnowsNeitherKafkaNorTheWire =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..", "io.javalin..")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(SCHEMAS);

  @ArchTest
  static final ArchRule theCoreKnowsNoEdge =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(concat(CONNECTORS, TOPOLOGY, APP));

  @ArchTest
  static final ArchRule whatDecidesHasNoClockAndNoChanceOfItsOwn =
      noClasses()
          .that()
          .resideInAnyPackage(DECIDING)
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule schemasKnowOnlyThemselves =
      noClasses()
          .that()
          .resideInAnyPackage(SCHEMAS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(concat(CORE, CONNECTORS, TOPOLOGY, APP));

  @ArchTest
  static final ArchRule connectorsKnowNeitherModelNorRouter =
      noClasses()
          .that()
          .resideInAnyPackage(CONNECTORS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(concat(CORE, TOPOLOGY, APP));

  @ArchTest
  static final ArchRule theTopologyRunsAgainstAnyBroker =
      noClasses()
          .that()
          .resideInAnyPackage(TOPOLOGY)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(concat(CONNECTORS, APP));

  @ArchTest
  static final ArchRule kafkasServerHasOneDoor =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.turnout.broker..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("kafka.server..", "scala..", "org.apache.kafka.metadata..");

  @ArchTest
  static final ArchRule partsDoNotKnowEachOtherInCircles =
      slices().matching("dev.turnout.(*)..").should().beFreeOfCycles();

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

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes().that(areHandWritten()).should(resideInANullMarkedPackage());

  private static DescribedPredicate<JavaClass> areHandWritten() {
    return new DescribedPredicate<>("are hand-written") {
      @Override
      public boolean test(JavaClass type) {
        return type.getPackageName().startsWith("dev.turnout.")
            && !type.getPackageName().equals("dev.turnout.schema");
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

  private static String[] concat(String[]... parts) {
    return java.util.Arrays.stream(parts).flatMap(java.util.Arrays::stream).toArray(String[]::new);
  }
}
