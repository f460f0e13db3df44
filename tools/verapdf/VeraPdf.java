import java.io.File;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.core.VeraPDFException;
import org.verapdf.features.FeatureFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.metadata.fixer.FixerFactory;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.validation.validators.ValidatorConfig;
import org.verapdf.pdfa.validation.validators.ValidatorFactory;
import org.verapdf.processor.BatchProcessingHandler;
import org.verapdf.processor.BatchProcessor;
import org.verapdf.processor.FormatOption;
import org.verapdf.processor.ProcessorConfig;
import org.verapdf.processor.ProcessorFactory;
import org.verapdf.processor.TaskType;
import org.verapdf.processor.plugins.PluginsCollectionConfig;
import org.verapdf.processor.reports.BatchSummary;

/**
 * The part of veraPDF's own command line that this project calls, over veraPDF's own library:
 * {@code verapdf --flavour ua1 FILE...}. Prints veraPDF's machine-readable report; exits 0 when all
 * files conform, 1 when one does not, 2 for wrong usage.
 */
public final class VeraPdf {
    private static final int ALL_FAILURES = -1;
    private static final int FAILURES_SHOWN_PER_RULE = 100;

    public static void main(String[] args) throws Exception {
        if (args.length < 3 || !args[0].equals("--flavour")) {
            System.err.println("Usage: verapdf --flavour FLAVOUR FILE...");
            System.exit(2);
        }
        // Libraries write notes to standard output; the report must stand there alone.
        PrintStream report = System.out;
        System.setOut(System.err);
        Logger.getLogger("").setLevel(Level.SEVERE);
        VeraGreenfieldFoundryProvider.initialise();
        BatchSummary summary = validate(PDFAFlavour.byFlavourId(args[1]), files(args), report);
        report.flush();
        System.exit(allConform(summary) ? 0 : 1);
    }

    private static List<File> files(String[] args) {
        List<File> files = new ArrayList<>();
        for (int n = 2; n < args.length; n++) {
            files.add(new File(args[n]));
        }
        return files;
    }

    private static BatchSummary validate(PDFAFlavour flavour, List<File> files, PrintStream report)
            throws Exception {
        try (BatchProcessor processor = ProcessorFactory.fileBatchProcessor(config(flavour))) {
            return processor.process(files, handler(report));
        }
    }

    private static ProcessorConfig config(PDFAFlavour flavour) {
        ValidatorConfig validator = ValidatorFactory.createConfig(
                flavour, PDFAFlavour.NO_FLAVOUR, false, ALL_FAILURES, false, false, Level.OFF,
                FAILURES_SHOWN_PER_RULE, true, "", false, false);
        return ProcessorFactory.fromValues(
                validator, FeatureFactory.defaultConfig(), PluginsCollectionConfig.defaultConfig(),
                FixerFactory.defaultConfig(), EnumSet.of(TaskType.VALIDATE));
    }

    private static BatchProcessingHandler handler(PrintStream report) throws VeraPDFException {
        return ProcessorFactory.getHandler(FormatOption.XML, false, report, false);
    }

    private static boolean allConform(BatchSummary summary) {
        return summary.getValidationSummary().getCompliantPdfaCount() == summary.getTotalJobs();
    }
}
