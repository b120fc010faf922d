from yichuang.site.cli import main

main()
